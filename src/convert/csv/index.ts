/** CSV in any dialect and encoding as a DuckDB relation of plain text. */
import { createWriteStream } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { ImportError } from '../../errors/index.js';
import { quoteText, type RelationContext, type TextRelation } from '../relation.js';
import { detectDialect, type DetectedDialect } from './detect.js';
import { RFC_4180, type Dialect } from './dialect.js';
import { openText, type TextFile } from './encoding.js';
import { joinRecord, splitRecord } from './fields.js';
import { guesses } from './guesses.js';
import { uniqueNames } from './names.js';
import { scanCsv, type ScanResult } from './scan.js';
import type { Witness } from './witnesses.js';

const SAMPLE_BYTES = 1 << 20;
/** A name with one of these, and nothing below it, is the start of some other file. */
const NO_TEXT = /[^\P{Cc}\s]/u;
/** DuckDB reads lines of twice this length without being told. */
const USUAL_LINE_BYTES = 1_000_000;

/**
 * Detects encoding and dialect (pins in `csv:` win), counts the records and sets rejects aside. A file that
 * two readers could read differently is first rewritten in the plainest dialect, so that DuckDB has no choice.
 * Throws ENCODING_UNDECODABLE, RECORD_TOO_LONG.
 */
export async function openCsv(context: RelationContext): Promise<TextRelation> {
  const { table, file, entry, signal, scratchDirectory } = context;
  const copy = join(scratchDirectory, `${table.name}.utf8.csv`);
  const open = (look: 'start' | 'whole'): Promise<TextFile> =>
    openText(file, table.originalPath, copy, entry.csv?.encoding, signal, look);
  const relation =
    (await openAs(context, await open('start'))) ?? (await openAs(context, await open('whole')));
  return relation!;
}

/** Nothing when the file turns out not to be the UTF-8 that its start looked like. */
async function openAs(
  { table, entry, signal, scratchDirectory, onRead }: RelationContext,
  text: TextFile,
): Promise<TextRelation | undefined> {
  const place = table.originalPath;
  const { sample, complete } = await readSample(text);
  const detected = detectDialect(sample, complete, entry.csv);
  const scan = await scanCsv(text, detected, place, signal, onRead);
  if (!scan) return undefined;
  const names = uniqueNames(detected.names);
  checkNames(detected.names, scan, text, place);
  const source = scan.plain ? text.file : join(scratchDirectory, `${table.name}.plain.csv`);
  if (!scan.plain) await rewrite({ ...text, checked: true }, detected, place, signal, source);
  const witnessFile = join(scratchDirectory, `${table.name}.witnesses.csv`);
  const witnesses = await writeWitnesses(scan.witnesses, witnessFile, names);
  return {
    sql: scan.plain
      ? readCsv(source, detected.dialect, names, detected.header, scan)
      : readCsv(source, RFC_4180, names, false, { ...scan, newline: '\n' }),
    columns: names.map((name, index) => ({
      name,
      originalName: detected.names[index]!,
      originalType: 'text',
    })),
    dialect: describe(text, detected, scan),
    sourceRecords: scan.records,
    rejects: scan.rejects,
    rejectCount: scan.rejectCount,
    ...(scan.plain && { cells: scan.cells }),
    ...(witnesses && { witnesses }),
    warnings: guesses(text, detected),
  };
}

function checkNames(
  names: readonly string[],
  { records }: ScanResult,
  { damaged }: TextFile,
  place: string,
): void {
  const refuse = (code: 'FORMAT_UNREADABLE' | 'ENCODING_UNDECODABLE', facts: object): never => {
    throw new ImportError(code, { place, ...facts });
  };
  if (names.length === 0) {
    const found = records > 0 ? 'a quote in the first line that is not closed' : 'an empty file';
    refuse('FORMAT_UNREADABLE', { expected: 'a header or a record', found });
  }
  if (records === 0 && names.some((name) => NO_TEXT.test(name))) {
    const found = 'control characters in the only line';
    refuse('FORMAT_UNREADABLE', { expected: 'a header or a record', found });
  }
  const broken = damaged ? names.find((name) => name.includes('\uFFFD')) : undefined;
  if (broken !== undefined) {
    const found = `the column name ${JSON.stringify(broken)} with bytes that are not`;
    refuse('ENCODING_UNDECODABLE', { expected: 'a header in UTF-8', found });
  }
}

/** DuckDB would take buffers of 16 such lines: a line of 60 MB would need a gigabyte for each. */
function roomFor(longestBytes: number): string[] {
  const lineBytes = longestBytes + USUAL_LINE_BYTES;
  return [`max_line_size=${lineBytes}`, `buffer_size=${2 * lineBytes}`];
}

/** Nothing is guessed: every option that the sniffer would set is set here. */
function readCsv(
  file: string,
  { delimiter, quote, escape }: Dialect,
  names: readonly string[],
  header: boolean,
  { newline, multiline, longestBytes }: Pick<ScanResult, 'newline' | 'multiline' | 'longestBytes'>,
): string {
  const columns = names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ');
  const options = [
    'auto_detect=false',
    `columns={${columns}}`,
    `delim=${quoteText(delimiter)}`,
    `quote=${quoteText(quote)}`,
    `escape=${quoteText(escape)}`,
    `header=${header}`,
    // Without it, a `\r` within the first quotes would be taken for the line end.
    `new_line='${newline === '\r\n' ? '\\r\\n' : '\\n'}'`,
    // An empty field is NULL; a quoted empty one is an empty text.
    `nullstr=''`,
    'allow_quoted_nulls=false',
    'null_padding=false',
    'ignore_errors=false',
    // Where its threads begin in the middle of a quoted text, lines of it look like rows.
    ...(multiline ? ['parallel=false'] : []),
    ...(longestBytes > USUAL_LINE_BYTES ? roomFor(longestBytes) : []),
  ];
  return `read_csv(${quoteText(file)}, ${options.join(', ')})`;
}

/** Nothing of a table without rows. */
async function writeWitnesses(
  witnesses: readonly Witness[],
  file: string,
  names: readonly string[],
): Promise<TextRelation['witnesses']> {
  if (witnesses.length === 0) return undefined;
  await writeFile(file, witnesses.map(({ fields }) => joinRecord(fields)).join(''));
  const lines = { newline: '\n', multiline: true, longestBytes: 0 } as const;
  return {
    rows: witnesses.map(({ row }) => row),
    sql: readCsv(file, RFC_4180, names, false, lines),
  };
}

async function rewrite(
  text: TextFile,
  detected: DetectedDialect,
  place: string,
  signal: AbortSignal,
  target: string,
): Promise<void> {
  const out = createWriteStream(target, { highWaterMark: SAMPLE_BYTES });
  const ended = finished(out);
  // Without this, a failure while scanning would leave the stream's own rejection unheard.
  ended.catch(() => undefined);
  try {
    const pending: string[] = [];
    const flush = async (): Promise<void> => {
      if (pending.length > 0 && !out.write(pending.splice(0).join('')))
        await once(out, 'drain', { signal });
    };
    await scanCsv(text, detected, place, signal, flush, ({ buffer, start, end }) => {
      pending.push(joinRecord(splitRecord(buffer.toString('utf8', start, end), detected.dialect)));
    });
    await flush();
    out.end();
    await ended;
  } finally {
    out.destroy();
  }
}

async function readSample({
  file,
  bomBytes,
}: TextFile): Promise<{ sample: Buffer; complete: boolean }> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(SAMPLE_BYTES),
      0,
      SAMPLE_BYTES,
      bomBytes,
    );
    return { sample: buffer.subarray(0, bytesRead), complete: bytesRead < SAMPLE_BYTES };
  } finally {
    await handle.close();
  }
}

function describe(
  { decision, how }: TextFile,
  { dialect, header, skippedLines, skippedText, candidates }: DetectedDialect,
  { plain, longestBytes }: ScanResult,
): Record<string, unknown> {
  return {
    ...dialect,
    ...{ header, skippedLines, ...(skippedText !== '' && { skippedText }) },
    ...{ encoding: decision.chosen, encodingEvidence: how },
    decisions: [decision],
    // False: the file was rewritten for DuckDB; the cells are the same.
    readAsIs: plain,
    longestRecordBytes: longestBytes,
    candidates: candidates.slice(0, 5),
  };
}
