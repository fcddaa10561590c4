/** package-lock.json serves every platform, also after it was changed where a registry mirror lacks some. */
import { expect, test } from 'vitest';
import { read } from '../helpers/markdown.js';

interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(read('package-lock.json')) as {
  packages: Readonly<Record<string, LockedPackage>>;
};

/** Where Node would find `name` from `place`: the nearest node_modules that has it. */
function resolveFrom(place: string, name: string): string | undefined {
  for (let folder = place; ; folder = folder.slice(0, folder.lastIndexOf('node_modules')) || '') {
    const base = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
    const candidate = `${base}node_modules/${name}`;
    if (candidate in packages) return candidate;
    if (folder === '') return undefined;
  }
}

test('every dependency of every package is there, the optional ones of other platforms too', () => {
  const missing = Object.entries(packages).flatMap(
    ([place, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => resolveFrom(place, name) === undefined)
        .map((name) => `${name}, needed by ${place || 'package.json'}`),
  );
  expect(missing).toEqual([]);
});

test('every dependency that runs in production has an exact version', () => {
  const { dependencies } = JSON.parse(read('package.json')) as Required<LockedPackage>;
  expect(Object.keys(dependencies).length).toBeGreaterThan(0);
  for (const [name, version] of Object.entries(dependencies)) {
    expect(version, name).toMatch(/^\d/);
  }
});
