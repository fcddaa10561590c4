/** Values of a JSON text as records, one after the other. */
import type { Cells, SourceRecord } from '../record.js';
import { recordTooLong } from '../record-length.js';
import { jsonParts, type Within } from './json-parts.js';
import { recordOf } from './json-record.js';
import type { Liberties } from './json-syntax.js';
import type { Pieces } from './locate.js';

export interface Stream {
  readonly pieces: Pieces;
  /** Names the file in errors. */
  readonly place: string;
  readonly liberties: Liberties;
}

export interface Streamed {
  readonly within: Within;
  /** Of a value and, where those of all lists are read, the member that has its list. @default that of `recordOf` */
  readonly cells?: (text: string, member?: string) => Cells | string;
}

/** @throws SyntaxError for a value that is no JSON; RECORD_TOO_LONG */
export async function* streamed(
  { pieces, place, liberties }: Stream,
  { within, cells }: Streamed,
): AsyncGenerator<SourceRecord, void> {
  let number = 0;
  const options = {
    within,
    onComma: (): void => void (liberties.commas += 1),
    ...(within === 'root' && { onList: (): void => void (liberties.lists += 1) }),
    tooLong: (line: number): void => {
      throw recordTooLong(place, line);
    },
  };
  for await (const { raw, line, member } of jsonParts(pieces(), options)) {
    number += 1;
    const record = recordOf(raw, {
      ...{ number, line, liberties },
      ...(cells && { cells: (text: string) => cells(text, member) }),
    });
    if ('reject' in record && record.reject.reason.startsWith('not JSON')) {
      throw new SyntaxError(`value ${number} is ${record.reject.reason}`);
    }
    yield record;
  }
}
