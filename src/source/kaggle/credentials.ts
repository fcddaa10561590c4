/** Finds Kaggle credentials in the places and the order of the official clients. */
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { ImportError } from '../../errors/index.js';
import type { KaggleOptions } from '../options.js';

/** Read by group or others. */
const READABLE_BY_OTHERS = 0o077;

export interface Credentials {
  /** Value of the Authorization header. */
  readonly authorization: string;
  /** Present for an access token: who it belongs to has to be asked. */
  readonly token?: string;
  /** Present for a user name and key. */
  readonly username?: string;
  /** Where they were found, in words. */
  readonly method: string;
  readonly warnings: string[];
}

/**
 * Order of kagglehub 1.0 and kaggle 2.2: token variable (a value or a path), token file, user name and
 * key, kaggle.json. Read anew at each call, so that a replaced file counts at once.
 * @throws CREDENTIALS_UNREADABLE when a place holds something that cannot be used
 */
export async function findCredentials(options: KaggleOptions): Promise<Credentials | undefined> {
  const { apiToken, username, key, configDirectory } = options;
  if (apiToken !== undefined) return tokenFromVariable(apiToken.trim());
  for (const name of ['access_token', 'access_token.txt']) {
    const file = join(configDirectory, name);
    const token = await readSecret(file);
    if (token !== undefined) {
      return bearer(requireToken(token, file), file, await modeWarnings(file));
    }
  }
  if (username !== undefined && key !== undefined) {
    return basic(username, key, 'KAGGLE_USERNAME and KAGGLE_KEY', []);
  }
  const file = join(configDirectory, 'kaggle.json');
  const text = await readSecret(file);
  if (text === undefined) return undefined;
  const pair = parseKaggleJson(text, file);
  return basic(pair.username, pair.key, file, await modeWarnings(file));
}

/** Every place looked in, in order: for the message when there is nothing. */
export function placesLookedIn({ configDirectory, username, key }: KaggleOptions): string {
  const half =
    (username === undefined) === (key === undefined)
      ? ''
      : ` (only ${username === undefined ? 'KAGGLE_KEY' : 'KAGGLE_USERNAME'} is set)`;
  return [
    'KAGGLE_API_TOKEN',
    join(configDirectory, 'access_token'),
    join(configDirectory, 'access_token.txt'),
    `KAGGLE_USERNAME with KAGGLE_KEY${half}`,
    join(configDirectory, 'kaggle.json'),
  ].join(', ');
}

async function tokenFromVariable(value: string): Promise<Credentials> {
  const text = isAbsolute(value) || /^[.~]|[\\/]/.test(value) ? await readSecret(value) : undefined;
  if (text === undefined) {
    return bearer(requireToken(value, 'KAGGLE_API_TOKEN'), 'KAGGLE_API_TOKEN', []);
  }
  const method = `KAGGLE_API_TOKEN (${value})`;
  return bearer(requireToken(text, value), method, await modeWarnings(value));
}

function bearer(token: string, method: string, warnings: string[]): Credentials {
  return { authorization: `Bearer ${token}`, token, method, warnings };
}

function basic(username: string, key: string, method: string, warnings: string[]): Credentials {
  const pair = Buffer.from(`${username}:${key}`).toString('base64');
  return { authorization: `Basic ${pair}`, username, method, warnings };
}

/** `undefined` when there is no such file. */
async function readSecret(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new ImportError('CREDENTIALS_UNREADABLE', {
      place: file,
      found: code ?? 'an unreadable file',
      cause: error,
    });
  }
}

/** A header cannot carry line breaks or other control characters. */
function requireToken(text: string, place: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ImportError('CREDENTIALS_UNREADABLE', {
    place,
    expected: 'one access token and nothing else',
    found: token === '' ? 'nothing' : 'other content',
  });
}

function parseKaggleJson(text: string, file: string): { username: string; key: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The message of the parser quotes the text, which holds the key: it is not handed on.
    throw new ImportError('CREDENTIALS_UNREADABLE', {
      place: `${file}:${jsonErrorPosition(error, text)}`,
      expected: 'JSON like {"username": "...", "key": "..."}',
      found: text.trim() === '' ? 'an empty file' : 'text that is not JSON',
    });
  }
  const { username, key } = (value ?? {}) as { username?: unknown; key?: unknown };
  if (typeof username === 'string' && username && typeof key === 'string' && key) {
    return { username, key };
  }
  throw new ImportError('CREDENTIALS_UNREADABLE', {
    place: file,
    expected: 'the fields "username" and "key"',
    found: 'JSON without them',
  });
}

/** `line:column`, 1-based. V8 names a position only for some errors; the end of the text stands for the rest. */
function jsonErrorPosition(error: unknown, text: string): string {
  const found = /at position (\d+)/.exec(error instanceof Error ? error.message : '');
  const before = text.slice(0, found ? Number(found[1]) : firstBadPosition(text)).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

/** The longest start of the text that fails only because it ends: the next character is the bad one. */
function firstBadPosition(text: string): number {
  for (let length = 1; length <= text.length; length += 1) {
    try {
      JSON.parse(text.slice(0, length));
    } catch (error) {
      const ended = error instanceof Error && /end of JSON input|Unterminated/.test(error.message);
      if (!ended && !/position/.test(String(error))) return length - 1;
    }
  }
  return text.length;
}

async function modeWarnings(file: string): Promise<string[]> {
  if (process.platform === 'win32') return [];
  const { mode } = await stat(file);
  if ((mode & READABLE_BY_OTHERS) === 0) return [];
  const octal = (mode & 0o777).toString(8);
  return [`${file} can be read by others (mode ${octal}): run \`chmod 600 ${file}\``];
}
