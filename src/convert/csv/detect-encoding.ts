/** Guesses the encoding of text that is not UTF-8, and says how sure the guess is. */
import chardet from 'chardet';
import iconv from 'iconv-lite';

export interface EncodingCandidate {
  /** In the spelling of iconv-lite. */
  readonly encoding: string;
  /** 0 to 100, as chardet gives it. */
  readonly confidence: number;
}

export interface DetectedEncoding {
  readonly encoding: string;
  /** What was considered, best first. */
  readonly candidates: readonly EncodingCandidate[];
}

/** From here on a guess is worth no warning. */
export const SURE = 50;
const CANDIDATES = 5;

const WEST_EUROPEAN = /^(iso-8859-1|windows-1252|utf-8|ascii)$/;
const LATIN_SCRIPT = /^(iso-8859-(1|2|9|15)|windows-125[02478]|utf-8|ascii)$/;
/** Better than West European by this much before text in Latin letters is read as Polish or Turkish. */
const MARGIN = 10;
/** Bytes that Windows-1252 does not define; every byte is something in Latin-1. */
const UNDEFINED_IN_1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
/** Letters with accents stand alone; those of other scripts beside each other. */
const OTHER_SCRIPT_SHARE = 0.7;

/** `sample` has lines with bytes above 127, where encodings differ. Without better evidence it is West European. */
export function detectEncoding(sample: Buffer): DetectedEncoding {
  const candidates = chardet
    .analyse(sample)
    .map(({ name, confidence }) => ({ encoding: name.toLowerCase(), confidence }))
    .filter(({ encoding }) => iconv.encodingExists(encoding) && decodesToText(sample, encoding))
    .slice(0, CANDIDATES);
  const isOtherScript = shareBesideEachOther(sample) > OTHER_SCRIPT_SHARE;
  const confidenceOfWest = Math.max(
    0,
    ...candidates
      .filter(({ encoding }) => WEST_EUROPEAN.test(encoding))
      .map((one) => one.confidence),
  );
  const best = candidates.find(({ encoding, confidence }) => {
    if (WEST_EUROPEAN.test(encoding)) return false;
    if (LATIN_SCRIPT.test(encoding)) return confidence >= Math.max(SURE, confidenceOfWest + MARGIN);
    return isOtherScript || confidence >= Math.max(SURE, confidenceOfWest);
  });
  return { encoding: best?.encoding ?? westEuropean(sample), candidates };
}

/** Without bytes that mean nothing, and without the control characters that other encodings have in their place. */
function decodesToText(sample: Buffer, encoding: string): boolean {
  // A cut last character is no sign of a wrong encoding.
  return (
    !/[\u0080-\u0084\u0086-\u009f\ufffd](?!$)/.test(iconv.decode(sample, encoding)) ||
    encoding === 'iso-8859-1'
  );
}

function westEuropean(sample: Buffer): string {
  const controls = sample.filter((byte) => byte >= 0x80 && byte <= 0x9f);
  if (controls.length === 0) return 'iso-8859-1';
  return controls.some((byte) => UNDEFINED_IN_1252.has(byte)) ? 'iso-8859-1' : 'windows-1252';
}

function shareBesideEachOther(sample: Buffer): number {
  let high = 0;
  let beside = 0;
  for (const [index, byte] of sample.entries()) {
    if (byte < 0x80) continue;
    high += 1;
    if ((sample[index - 1] ?? 0) >= 0x80 || (sample[index + 1] ?? 0) >= 0x80) beside += 1;
  }
  return beside / Math.max(high, 1);
}

/** UTF-16 or UTF-32 by its mark, UTF-16 also by the zero bytes that ASCII text leaves in it. */
export function utf16ByMark(head: Buffer): { encoding: string; evidence: string } | undefined {
  const evidence = 'byte order mark';
  // The mark of UTF-32 begins with that of UTF-16.
  if (head.subarray(0, 4).equals(Buffer.from([0xff, 0xfe, 0, 0])))
    return { encoding: 'utf-32le', evidence };
  if (head.subarray(0, 4).equals(Buffer.from([0, 0, 0xfe, 0xff])))
    return { encoding: 'utf-32be', evidence };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', evidence };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', evidence };
  const pairs = Math.floor(Math.min(head.length, 4096) / 2);
  let even = 0;
  let odd = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    if (head[2 * pair] === 0) even += 1;
    if (head[2 * pair + 1] === 0) odd += 1;
  }
  if (pairs === 0) return undefined;
  if (odd > 0.4 * pairs && even === 0) return { encoding: 'utf-16le', evidence: 'zero bytes' };
  if (even > 0.4 * pairs && odd === 0) return { encoding: 'utf-16be', evidence: 'zero bytes' };
  return undefined;
}
