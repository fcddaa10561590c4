/** Makes other files of a table whose truth is known: without its header, in other dialects and encodings, with notes around. */
import iconv from 'iconv-lite';
import { parseRecords } from './strict-csv.js';
import { digestOf, type Truth } from './truth.js';

export interface Variant {
  readonly truth: Truth;
  readonly bytes: Buffer;
}

interface Table {
  readonly truth: Truth;
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Languages of country_list, and encodings that their lists were kept in before Unicode. */
const ENCODINGS: Readonly<Record<string, readonly string[]>> = {
  fr: ['windows-1252', 'iso-8859-15'],
  de: ['windows-1252'],
  ja: ['shift_jis', 'euc-jp'],
  zh: ['gbk'],
  zh_Hant: ['big5'],
  ko: ['euc-kr'],
  ru: ['windows-1251', 'koi8-r', 'iso-8859-5'],
  pl: ['windows-1250', 'iso-8859-2'],
  cs: ['windows-1250', 'iso-8859-2'],
  el: ['windows-1253', 'iso-8859-7'],
  tr: ['windows-1254', 'iso-8859-9'],
  he: ['windows-1255', 'iso-8859-8'],
  ar: ['windows-1256'],
  lt: ['windows-1257', 'iso-8859-13'],
  vi: ['windows-1258'],
};

const DELIMITERS = [';', '\t', '|', ','] as const;

/** What is done to a table; each says what is right then. */
const CHANGES: ReadonlyArray<(table: Table, at: number) => Variant> = [
  ({ truth, rows }) =>
    variant(truth, 'without its header', written(rows, ',', '\n'), {
      ...{ header: false, hard: true },
    }),
  ({ truth, names, rows }, at) => {
    const delimiter = DELIMITERS[at % DELIMITERS.length]!;
    return variant(
      truth,
      `with ${JSON.stringify(delimiter)}`,
      written([names, ...rows], delimiter, '\r\n'),
      {
        delimiter,
      },
    );
  },
  ({ truth, names, rows }) => {
    const title = 'Figures of the year, as they were published\n\n';
    return variant(truth, 'below a title', title + written([names, ...rows], ',', '\n'), {
      ...{ told: true, skippedLines: 2 },
    });
  },
  ({ truth, names, rows }) => {
    const notes = '\nSource: the office of statistics\nAll figures are provisional\n';
    return variant(truth, 'above notes', written([names, ...rows], ',', '\n') + notes, {
      told: true,
    });
  },
  ({ truth, names, rows }) => {
    const comments = '# made by hand\n# 2024-01-31\n';
    return variant(truth, 'below comments', comments + written([names, ...rows], ',', '\n'), {
      ...{ told: true, skippedLines: 2 },
    });
  },
];

/** Two of the changes, by the place in the corpus; nothing of a table that is small, odd or hard as it is. */
export function variantsOf(truth: Truth, bytes: Buffer, at: number): Variant[] {
  const table = tableOf(truth, bytes);
  if (!table) return [];
  const changes = [CHANGES[at % CHANGES.length]!, CHANGES[(at + 2) % CHANGES.length]!];
  return [...changes.map((change) => change(table, at)), ...encoded(table)];
}

function tableOf(truth: Truth, bytes: Buffer): Table | undefined {
  const { columns = 0, header, told, hard, delimiter = '' } = truth;
  if (!header || told || hard || columns < 2 || delimiter.length !== 1 || bytes.length > 20_000)
    return undefined;
  const text = iconv.decode(bytes, truth.encoding!);
  const [names = [], ...rows] = parseRecords(text, { delimiter }).filter(
    (record) => record.length > 1,
  );
  // Where most records repeat, a header taken away would be one that repeats; nobody could tell.
  const different = new Set(rows.map((row) => row.join('\x1f'))).size;
  if (rows.length < 5 || 2 * different < rows.length) return undefined;
  // Only what the tests' own reader reads as the others do.
  return digestOf(rows) === truth.cells ? { truth, names, rows } : undefined;
}

function encoded({ truth, names, rows }: Table): Variant[] {
  const language = /country_list\/(\w+)__country/.exec(truth.file)?.[1] ?? '';
  const text = written([names, ...rows], ',', '\n');
  return (ENCODINGS[language] ?? []).flatMap((encoding) => {
    const bytes = iconv.encode(text, encoding);
    // A language can have letters that an encoding lacks.
    if (iconv.decode(bytes, encoding) !== text) return [];
    const file = `${truth.file} in ${encoding}`;
    return [{ truth: { ...truth, file, encoding, hard: true }, bytes }];
  });
}

function variant(base: Truth, how: string, text: string, changes: Partial<Truth>): Variant {
  const { encoding: _encoding, skippedLines: _skippedLines, ...rest } = base;
  const truth = {
    ...rest,
    delimiter: ',',
    ...changes,
    encoding: 'utf-8',
    file: `${base.file} ${how}`,
  };
  return { truth, bytes: Buffer.from(text) };
}

function written(
  records: readonly (readonly string[])[],
  delimiter: string,
  newline: string,
): string {
  const cell = (text: string): string =>
    /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  return records.map((record) => record.map(cell).join(delimiter) + newline).join('');
}
