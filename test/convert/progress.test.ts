/** A conversion says how far it is, and stops in whatever it does when it is told to, leaving no file. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ConvertProgress } from '../../src/convert/index.js';
import { convert, temporaryFolder } from '../helpers/convert.js';

const ROWS = 200_000;
const SOURCE = `n,d,t\n${Array.from({ length: ROWS }, (_x, i) => `${i},${i / 8},text ${i}\n`).join('')}`;

/** All files but the source. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'source')
    .map((entry) => entry.name);
}

test('bytes and rows grow to those of the source, phase by phase', async () => {
  const seen: ConvertProgress[] = [];
  await convert(SOURCE, { onProgress: (progress) => seen.push(progress as ConvertProgress) });
  const phases = [...new Set(seen.map(({ phase }) => phase))];
  expect(phases).toEqual(['reading', 'proving', 'writing', 'profiling']);
  const reading = seen.filter(({ phase }) => phase === 'reading');
  expect(reading.length).toBeGreaterThan(2);
  expect(reading.map(({ bytes }) => bytes)).toEqual(
    reading.map(({ bytes }) => bytes).sort((a, b) => a - b),
  );
  expect(reading.some(({ rows }) => rows > 0 && rows < ROWS)).toBe(true);
  expect(reading.at(-1)).toMatchObject({
    rows: ROWS,
    bytes: SOURCE.length,
    totalBytes: SOURCE.length,
    percent: 100,
  });
  expect(seen.every(({ rows, percent }) => rows <= ROWS && percent <= 100)).toBe(true);
});

test('progress of records that are no CSV is counted once', async () => {
  const seen: ConvertProgress[] = [];
  const source = Array.from({ length: 3000 }, (_x, index) => `{"a":${index}}\n`).join('');
  await convert(source, {
    format: 'ndjson',
    onProgress: (progress) => seen.push(progress as ConvertProgress),
  });
  expect(seen.filter(({ phase }) => phase === 'reading').at(-1)).toMatchObject({
    rows: 3000,
    bytes: source.length,
  });
});

describe('cancelled while', () => {
  test.each(['reading', 'proving', 'writing', 'profiling'])(
    '%s, nothing is left',
    async (phase) => {
      const folder = temporaryFolder();
      const stop = new AbortController();
      const seen: string[] = [];
      const conversion = convert(SOURCE, {
        folder,
        signal: stop.signal,
        onProgress: (progress) => {
          seen.push((progress as ConvertProgress).phase);
          if (seen.at(-1) === phase) stop.abort(new Error('stop'));
        },
      });
      await expect(conversion).rejects.toThrow('stop');
      expect(seen).toContain(phase);
      expect(filesIn(folder)).toEqual([]);
    },
  );

  test('rejects are written, nothing is left', async () => {
    const folder = temporaryFolder();
    const stop = new AbortController();
    let parts = 0;
    const conversion = convert(`${SOURCE}1,2\n`, {
      folder,
      signal: stop.signal,
      entry: { checks: { max_rejects: 1 } },
      onProgress: (progress) => {
        parts += (progress as ConvertProgress).phase === 'writing' ? 1 : 0;
        if ((progress as ConvertProgress).phase === 'profiling') stop.abort(new Error('stop'));
      },
    });
    await expect(conversion).rejects.toThrow('stop');
    expect(parts).toBeGreaterThan(0);
    expect(filesIn(folder)).toEqual([]);
  });
});

test('cancelled before it begins, it does not begin', async () => {
  const folder = temporaryFolder();
  const signal = AbortSignal.abort(new Error('stop'));
  await expect(convert(SOURCE, { folder, signal })).rejects.toThrow('stop');
  expect(filesIn(folder)).toEqual([]);
});
