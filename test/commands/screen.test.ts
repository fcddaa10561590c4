/** Living lines in a real terminal emulator: below the remarks, whole after every change of its size, gone at the end. */
import type { WriteStream } from 'node:tty';
import { EventEmitter } from 'node:events';
import xterm from '@xterm/headless';
import { expect, test } from 'vitest';
import { createScreen } from '../../src/commands/screen.js';

/** A stream that draws on the emulator, as stderr does on a terminal. */
function openTerminal(columns: number, rows: number) {
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    allowProposedApi: true,
    convertEol: true,
  });
  let written = Promise.resolve();
  const stream = Object.assign(new EventEmitter(), {
    ...{ isTTY: true, columns, rows },
    write(text: string) {
      written = written.then(() => new Promise((resolve) => terminal.write(text, resolve)));
      return true;
    },
  });
  return {
    stream: stream as unknown as WriteStream,
    resize: async (newColumns: number): Promise<void> => {
      await written;
      // A terminal has broken its lines anew before a program hears of it.
      terminal.resize(newColumns, rows);
      Object.assign(stream, { columns: newColumns });
      stream.emit('resize');
    },
    /** All that can be scrolled to, without what is empty. */
    lines: async (): Promise<string[]> => {
      await written;
      const { active } = terminal.buffer;
      const all = Array.from({ length: active.length }, (_row, index) =>
        active.getLine(index)!.translateToString(true),
      );
      return all.filter((line) => line !== '');
    },
  };
}

const render = (state: string) => (columns: number) =>
  ['big', 'small'].map((name) => `${name} ${state} `.padEnd(columns - 1, '.'));

test('a remark stands above the living lines, which are there once', async () => {
  const { stream, lines } = openTerminal(80, 24);
  const { note, live } = await createScreen(stream, false);
  note('worker: ready');
  for (let percent = 0; percent < 50; percent += 1) {
    live!(render(`${percent} %`));
    if (percent % 10 === 0) note(`warning ${percent}: ${'long '.repeat(30)}`);
  }
  const seen = await lines();
  expect(seen.slice(-2)).toEqual(render('49 %')(80));
  expect(seen.filter((line) => /^(big|small) /.test(line))).toHaveLength(2);
  expect(seen.filter((line) => line.startsWith('warning '))).toHaveLength(5);
  live!(undefined);
  expect((await lines()).some((line) => /^(big|small) /.test(line))).toBe(false);
  expect(stream.listenerCount('resize')).toBe(0);
});

test('a terminal that gets narrower and wider shows each line once, and loses no remark', async () => {
  const { stream, resize, lines } = openTerminal(80, 24);
  const { note, live } = await createScreen(stream, false);
  note('worker: ready');
  live!(render('1 %'));
  for (const columns of [60, 33, 20, 47, 120, 80, 30]) {
    await resize(columns);
    expect(await lines()).toEqual(['worker: ready', ...render('1 %')(columns)]);
    live!(render('2 %'));
    live!(render('1 %'));
  }
});

test('where nothing can be drawn over, only remarks are written', async () => {
  const { stream, lines } = openTerminal(80, 24);
  const screen = await createScreen(stream, true);
  expect(screen.live).toBeUndefined();
  screen.note('iris: downloading');
  expect(await lines()).toEqual(['iris: downloading']);
});
