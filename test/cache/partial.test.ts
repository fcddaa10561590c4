/** A partial file and its notes: whenever a host dies, the next one goes on from the bytes that are there. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PartialFile, type ByteTap } from '../../src/cache/partial.js';
import { signal, temporaryFolder } from '../helpers/kaggle-for-test.js';

const validator = '"one"';

async function* bodyOf(...pieces: string[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece);
}

async function partialOf(content: string): Promise<string> {
  const path = join(await temporaryFolder(), 'file.partial');
  const partial = new PartialFile(path, signal);
  await partial.append(bodyOf(content), { offset: 0, validator }, () => undefined);
  return path;
}

test('a host that dies while it reads what is there, before the first new byte', async () => {
  const path = await partialOf('12345');
  let died = (): void => undefined;
  const death = new Promise<void>((resolve) => (died = resolve));
  const tap: ByteTap = { restart: () => new Promise(() => died()), write: () => undefined };
  void new PartialFile(path, signal, tap).append(
    bodyOf('678'),
    { offset: 5, validator },
    () => undefined,
  );
  await death;
  expect(await new PartialFile(path, signal).resumePoint()).toEqual({ offset: 5, validator });
});

test('bytes never lie beside the notes of another file', async () => {
  const path = await partialOf('12345');
  const seen: Promise<unknown>[] = [];
  const look = (): void => void seen.push(new PartialFile(path, signal).resumePoint());
  const tap: ByteTap = {
    async restart() {
      look();
      await seen[0];
    },
    write: look,
  };
  await new PartialFile(path, signal, tap).append(
    bodyOf('678'),
    { offset: 0, validator: '"two"' },
    () => undefined,
  );
  expect(await Promise.all(seen)).toEqual([undefined, { offset: 3, validator: '"two"' }]);
});
