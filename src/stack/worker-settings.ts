/** Tells whether a worker that runs has the code and the settings that a command would give it. */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environmentVariables } from '../config/variables.js';

const OUR_VARIABLES = new Set(environmentVariables.map(({ name }) => name));

/** What a terminal or make adds to the environment is none: the worker would start anew for each of them. */
function isSetting(name: string): boolean {
  return (
    OUR_VARIABLES.has(name.toUpperCase()) ||
    /^(AWS|AZURE|KAGGLE|MINIO|NODE|SSL|TEMPORAL)_/.test(name)
  );
}

/** A hash of each value: enough to see that two differ, and no secret is told. */
export function settingsOf(env: Readonly<Record<string, string>>): Record<string, string> {
  const settings = Object.entries(env).filter(([name]) => isSetting(name));
  return Object.fromEntries(settings.map(([name, value]) => [name, hashOf(`${name}=${value}`)]));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Names of the settings that differ, in order. */
export function changedSettings(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}

/**
 * SHA-256 of names, sizes and times of the files that were built beside the entry, without those of the command's own
 * bundle. Their content would be some ten megabytes, read again by every import.
 */
export function codeOf(entry: string): string {
  const hash = createHash('sha256');
  const folder = dirname(entry);
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\.(js|json|wasm)$/.test(file) || /^(command[/\\]|client\.js$)/.test(file)) continue;
    const { size, mtimeMs } = statSync(join(folder, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}
