/** Doubts cells with control characters: marks of other tools, or of a dialect that was not found. */
import { decision, type Decision } from '../decision.js';
import { csvPin } from './pin-text.js';
import type { TextPins } from './pins.js';
import type { Sample } from './sample.js';

const END_MARK = 26;
const SPACE = 32;

/** They are kept as they are. A file's last bytes may be the end marks of DOS, which are told when it has been read. */
export function* aboutControlMarks(
  { bytes, end }: Sample,
  delimiter: string,
  pins: TextPins,
): Generator<Decision> {
  if (pins.delimiter !== undefined) return;
  const found = [bytes, end].flatMap((part) => controlIn(part, delimiter))[0];
  if (found === undefined) return;
  yield decision('guess', {
    about: 'delimiter',
    chosen: `${JSON.stringify(delimiter)}, and ${JSON.stringify(found)} kept as text`,
    evidence: 'a control character stands within the table',
    pin: csvPin({ delimiter }),
  });
}

function controlIn(part: Buffer, delimiter: string): string[] {
  let last = part.length;
  while (last > 0 && part[last - 1] === END_MARK) last -= 1;
  for (let at = 0; at < last; at += 1) {
    const byte = part[at]!;
    if (byte >= SPACE || !isControl(byte)) continue;
    const mark = String.fromCharCode(byte);
    if (!delimiter.includes(mark)) return [mark];
  }
  return [];
}

/** Tabs and line ends are text. */
function isControl(byte: number): boolean {
  return byte < SPACE && byte !== 9 && byte !== 10 && byte !== 13;
}
