/** .env.example has every variable, with its default, and works as it says. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { environmentVariables } from '../../src/config/environment.js';
import { read, root } from '../helpers/markdown.js';

const text = read('.env.example');
const assignments = [...text.matchAll(/^#?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(
  ([, name, value]) => [name!, value!] as const,
);

test('every variable once, with its default, and no other', () => {
  const known = environmentVariables.map(
    ({ name, default: value }) => [name, value ?? ''] as const,
  );
  const byName = (a: readonly [string, string], b: readonly [string, string]): number =>
    a[0] < b[0] ? -1 : 1;
  expect([...assignments].sort(byName)).toEqual([...known].sort(byName));
});

test('no secret has a value, and as it comes it sets nothing', () => {
  const secrets = environmentVariables.filter(({ secret }) => secret).map(({ name }) => name);
  for (const [name, value] of assignments) if (secrets.includes(name)) expect(value).toBe('');
  const print = 'set -a; . ./.env.example; set +a; env';
  const options = { cwd: root, env: {}, encoding: 'utf8' } as const;
  const set = execFileSync('/bin/sh', ['-c', print], options);
  for (const { name } of environmentVariables)
    expect(set).not.toMatch(new RegExp(`^${name}=`, 'm'));
});
