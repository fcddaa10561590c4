/** What a command writes beside its result: lines that stay, and on a terminal lines below them that live. */
import type { WriteStream } from 'node:tty';

/** Called with the columns and rows there are; gives lines without colours, none longer than the columns. */
export type Render = (columns: number, rows: number) => readonly string[];

export interface Screen {
  /** A line that stays. */
  readonly note: (line: string) => void;
  /** Draws the living lines anew, or takes them away; absent where nothing can be drawn over. */
  readonly live?: (render: Render | undefined) => void;
}

const DEFAULT_ROWS = 24;

/** @param isPlain - no terminal, or one that cannot move its cursor */
export async function createScreen(stream: WriteStream, isPlain: boolean): Promise<Screen> {
  const write = (line: string): void => void stream.write(`${line}\n`);
  if (isPlain) return { note: write };
  const { createLogUpdate } = await import('log-update');
  const area = createLogUpdate(stream);
  let render: Render | undefined;
  let drawn: readonly string[] = [];

  const draw = (): void => {
    if (!render) return;
    drawn = render(stream.columns, stream.rows || DEFAULT_ROWS);
    area(drawn.join('\n'));
  };
  const erase = (): void => {
    area.clear();
    drawn = [];
  };
  /** A narrower terminal has broken what was drawn into more rows than the library has counted. */
  const redraw = (): void => {
    const rowsOf = (line: string): number => Math.max(1, Math.ceil(line.length / stream.columns));
    const rows = drawn.reduce((sum, line) => sum + rowsOf(line), 0);
    if (rows > 0) stream.write(`\u001B[${rows}A\r\u001B[J`);
    area.done();
    draw();
  };

  return {
    note(line) {
      if (render) erase();
      write(line);
      draw();
    },
    live(newest) {
      if (newest && !render) stream.on('resize', redraw);
      if (!newest && render) {
        stream.off('resize', redraw);
        erase();
        area.done();
      }
      render = newest;
      draw();
    },
  };
}
