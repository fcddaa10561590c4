/** A small strict RFC 4180 reader, independent of the product: the tests' own reading of a source. */

/** Records of fields, the header among them. Quoted newlines and doubled quotes are honoured; UTF-8, BOM dropped. */
export function readRecords(bytes: Uint8Array, delimiter = ','): string[][] {
  return parseRecords(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes), {
    delimiter,
  });
}

/** The same of a text; with `escape`, a backslash takes a quote or a backslash after it, within quotes. */
export function parseRecords(
  text: string,
  { delimiter, quote = '"', escape }: { delimiter: string; quote?: string; escape?: string },
): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  let index = 0;
  let recordStart = 0;
  const endField = (): void => {
    record.push(field);
    field = '';
  };
  const endRecord = (): void => {
    endField();
    records.push(record);
    record = [];
    recordStart = index + 1;
  };
  while (index < text.length) {
    const char = text[index]!;
    const next = text[index + 1];
    if (quoted) {
      if (char === escape && (next === quote || next === escape)) {
        field += next;
        index += 1;
      } else if (char !== quote) field += char;
      else if (escape === undefined && next === quote) {
        field += quote;
        index += 1;
      } else quoted = false;
    } else if (char === quote && field === '') quoted = true;
    else if (char === delimiter) endField();
    else if (char === '\n') endRecord();
    else if (char === '\r') {
      if (next === '\n') index += 1;
      endRecord();
    } else field += char;
    index += 1;
  }
  // A last record without a line end, be it `""` alone.
  if (recordStart < text.length) endRecord();
  return records;
}
