/** Tells what stands in cells that the reader of workbooks gives as empty: errors, and formulas without a result. */
import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { openPromise, type ZipFile } from 'yauzl';

/** A cell has 32,767 characters at most, each of them perhaps written as `&#38;`. */
const LONGEST_CELL = 1 << 19;
const CELL = /<(?:\w+:)?c(\s[^>]*?)?(?:\/>|>([^]*?)<\/(?:\w+:)?c>)/g;
const FORMULA = /<(?:\w+:)?f[\s/>]/;
const VALUE = /<(?:\w+:)?v[\s/>]/;
const ERROR = /<(?:\w+:)?v>([^<]*)</;
const KINDS_SHOWN = 3;

type Open = (name: string) => Promise<Readable | undefined>;

/** In words, one for each kind. The parts of a workbook and how they refer to each other: ECMA-376, part 2. */
export async function passedOver(absolutePath: string, sheet: string): Promise<string[]> {
  const zip = await openPromise(absolutePath, { lazyEntries: true, autoClose: false });
  try {
    const open = await opener(zip);
    const [workbook] = await targetsOf(open, '', ({ Type = '' }) =>
      Type.endsWith('/officeDocument'),
    );
    const id = workbook && (await idOf(open, workbook, sheet));
    if (id === undefined) return [];
    const [part] = await targetsOf(open, workbook!, ({ Id }) => Id === id);
    const stream = part && (await open(part));
    return stream ? remarksOf(stream) : [];
  } finally {
    zip.close();
  }
}

async function opener(zip: ZipFile): Promise<Open> {
  const entries = new Map<string, Parameters<ZipFile['openReadStreamPromise']>[0]>();
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
  return async (name) => {
    const entry = entries.get(name);
    return entry && zip.openReadStreamPromise(entry);
  };
}

/** The parts that a part refers to; the package itself is the part without a name. */
async function targetsOf(
  open: Open,
  part: string,
  isWanted: (relation: Record<string, string>) => boolean,
): Promise<string[]> {
  const folder = part === '' ? '' : posix.dirname(part);
  const stream = await open(posix.join(folder, '_rels', `${posix.basename(part)}.rels`));
  if (!stream) return [];
  return elements(await text(stream), 'Relationship')
    .filter(isWanted)
    .map(({ Target = '' }) =>
      Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target),
    );
}

/** By which the workbook refers to its sheet. */
async function idOf(open: Open, workbook: string, sheet: string): Promise<string | undefined> {
  const stream = await open(workbook);
  const sheets = stream ? elements(await text(stream), 'sheet') : [];
  const found = sheets.find(({ name }) => name === sheet);
  const key = Object.keys(found ?? {}).find((name) => /(^|:)id$/.test(name));
  return key && found?.[key];
}

/** The attributes of each element of that name. */
function elements(xml: string, name: string): Array<Record<string, string>> {
  const tags = xml.matchAll(new RegExp(`<(?:\\w+:)?${name}(\\s[^>]*)>`, 'g'));
  return [...tags].map(([, attributes = '']) => {
    const pairs = attributes.matchAll(/([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
    return Object.fromEntries(
      [...pairs].map(([, key, double, single]) => [key!, unescaped(double ?? single ?? '')]),
    );
  });
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
};

function unescaped(value: string): string {
  return value.replaceAll(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[String(name)] ?? String(whole);
    return String.fromCodePoint(
      hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16),
    );
  });
}

async function remarksOf(sheet: Readable): Promise<string[]> {
  const errors = new Map<string, number>();
  let formulas = 0;
  let rest = '';
  sheet.setEncoding('utf8');
  for await (const piece of sheet) {
    const xml = rest + String(piece);
    let end = 0;
    for (const match of xml.matchAll(CELL)) {
      const [cell, attributes = '', content = ''] = match;
      end = match.index + cell.length;
      if (/\st=["']e["']/.test(attributes)) {
        const kind = ERROR.exec(content)?.[1] ?? '';
        errors.set(kind, (errors.get(kind) ?? 0) + 1);
      } else if (FORMULA.test(content) && !VALUE.test(content)) formulas += 1;
    }
    rest = xml.slice(Math.max(end, xml.length - LONGEST_CELL));
  }
  const remarks: string[] = [];
  if (errors.size > 0) {
    const count = [...errors.values()].reduce((sum, one) => sum + one, 0);
    const kinds = [...errors.keys()].slice(0, KINDS_SHOWN).join(', ');
    remarks.push(`cells with errors are read as missing: ${count} (${kinds})`);
  }
  if (formulas > 0) {
    remarks.push(
      `formulas without a stored result are read as missing: ${formulas}; open and save the workbook in Excel`,
    );
  }
  return remarks;
}
