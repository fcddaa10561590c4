/** Which parts of a workbook in XML are sheets: ECMA-376, part 1, 18.2.20, and part 2, 9.3. */
import { posix } from 'node:path';
import type { ArchiveMember } from '../../unpack/member.js';

const WORKBOOK = /(^|\/)workbook\.xml$/i;
const WORKSHEET = /\/worksheet$/;

/** By its usual place: what has another is read whole. */
export function isSheetPart(name: string): boolean {
  return /(^|\/)worksheets\/[^/]+\.xml$/i.test(name);
}

/**
 * The parts of all sheets but one, in lower and upper case as they are named; none where that sheet is not found, or in other
 * workbooks than those in XML.
 */
export async function otherSheets(
  members: readonly ArchiveMember[],
  only: string,
  contentOf: (member: ArchiveMember) => Promise<Buffer>,
): Promise<ReadonlySet<string>> {
  const book = members.find(({ name }) => WORKBOOK.test(name));
  const folder = book && posix.dirname(book.name);
  const links = `${folder}/_rels/${book && posix.basename(book.name)}.rels`.toLowerCase();
  const relations = members.find(({ name }) => name.toLowerCase() === links);
  if (!book || !relations) return new Set();
  const id = elements(await contentOf(book), 'sheet')
    .filter((attributes) => attributes.get('name')?.toLowerCase() === only.toLowerCase())
    .map((attributes) => [...attributes].find(([name]) => name.endsWith(':id'))?.[1])
    .at(0);
  const sheets = elements(await contentOf(relations), 'Relationship').filter((attributes) =>
    WORKSHEET.test(attributes.get('Type') ?? ''),
  );
  const wanted = sheets.find((attributes) => attributes.get('Id') === id);
  if (!wanted) return new Set();
  const place = (attributes: ReadonlyMap<string, string>): string => {
    const target = attributes.get('Target') ?? '';
    return target.startsWith('/') ? target.slice(1) : posix.join(folder!, target);
  };
  // Two sheets may be one part.
  return new Set(sheets.map(place).filter((one) => one !== place(wanted)));
}

/** Attributes of the elements of that name, by their names with prefixes. */
function elements(xml: Buffer, name: string): Array<ReadonlyMap<string, string>> {
  const tags = xml.toString('utf8').matchAll(new RegExp(`<(?:\\w+:)?${name}\\s([^<>]*)>`, 'g'));
  return [...tags].map(
    ([, attributes]) =>
      new Map(
        [...attributes!.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(
          ([, key, double, single]) => [key!, unescaped(double ?? single!)] as const,
        ),
      ),
  );
}

const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
};

function unescaped(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name as string] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
