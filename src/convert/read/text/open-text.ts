/** Delimited text in any dialect and encoding as a DuckDB relation of texts. */
import { ImportError } from '../../../errors/index.js';
import type { RelationContext, TextRelation } from '../../relation.js';
import { plainTextSql } from '../../write/plain-text.js';
import { readText, type TextReading, type TextRequest } from './read-text.js';
import type { Decision } from '../decision.js';
import { WHITESPACE } from './dialect.js';
import { csvPin } from './pin-text.js';
import { fixedWidthFor, suggestPins } from './suggest.js';

const BLANKS: readonly string[] = [WHITESPACE, ' '];

/** Throws as `readText` does, with the pins that let the file in where some do. */
export async function openTextTable(context: RelationContext): Promise<TextRelation> {
  const { table, file, entry, pinFor, scratchDirectory, signal, onRead } = context;
  const { onLikely, requireColumns } = context;
  const request: TextRequest = {
    ...{ file, place: table.originalPath, scratchDirectory, signal, onRead },
    ...{ onLikely, requireColumns },
    pins: entry.csv ?? {},
    maxRejects: entry.checks.max_rejects,
  };
  const reading = context.arrived ?? (await readOrSuggest(request, pinFor));
  const { columns, text, ...rest } = reading;
  return {
    ...rest,
    sql: plainTextSql(
      text,
      columns.map(({ name }) => name),
    ),
    columns: columns.map((column) => ({ ...column, originalType: 'text' })),
    decisions: await withFixedWidth(request, reading),
    suggest: async () => {
      const tried = await suggestPins(request, reading);
      return tried === undefined ? undefined : pinFor(tried);
    },
    warnings: [],
  };
}

async function readOrSuggest(
  request: TextRequest,
  pinFor: RelationContext['pinFor'],
): Promise<TextReading> {
  try {
    return await readText(request);
  } catch (error) {
    if (
      !(error instanceof ImportError) ||
      !/^(FORMAT_UNREADABLE|RECORD_TOO_LONG)$/.test(error.code)
    )
      throw error;
    const tried = await suggestPins(request);
    if (tried === undefined) throw error;
    const nextStep = `Paste below the dataset, if that is how it is meant (tried: every record is a row then): ${pinFor(tried)}`;
    throw new ImportError(error.code, { ...error.context, nextStep, cause: error });
  }
}

/** Blanks may fill columns up that nothing delimits: pins for them, which have been tried, stand beside the guess. */
async function withFixedWidth(
  request: TextRequest,
  { decisions, columns, dialect, rejects }: TextReading,
): Promise<readonly Decision[]> {
  const guess = decisions.find(
    ({ about, certainty }) => about === 'delimiter' && certainty === 'guess',
  );
  const isOfBlanks = columns.length === 1 || BLANKS.includes(String(dialect['delimiter']));
  if (!guess || !isOfBlanks || rejects.count > 0) return decisions;
  const pins = await fixedWidthFor(request);
  if (!pins || pins.fixed_width.length === columns.length) return decisions;
  const other = `${pins.fixed_width.length} columns of fixed width`;
  const told = { ...guess, alternatives: [{ chosen: other, rows: [] }], pin: csvPin(pins) };
  return decisions.map((one) => (one === guess ? told : one));
}
