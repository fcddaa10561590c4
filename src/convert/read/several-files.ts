/** Opens files that are one table together as one relation: columns by name, rows file after file. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ImportError } from '../../errors/index.js';
import {
  quoteIdentifier,
  quoteText,
  type ColumnCells,
  type OpenRelation,
  type RelationColumn,
  type RelationContext,
  type TextRelation,
} from '../relation.js';
import type { TableMember } from '../types.js';
import { pinForFile } from '../unpack/pin-for-file.js';
import { sumOfLedgers } from './byte-ledger.js';
import type { Decision } from './decision.js';
import { suggestionFor, unitedRejects } from './several-rejects.js';

interface Part {
  readonly member: TableMember;
  readonly relation: TextRelation;
  /** Columns of all its rows that its path says: of folders such as `year=2020`, and its own name. */
  readonly constants: ReadonlyMap<string, string | null>;
}

export interface SeveralFiles {
  readonly members: readonly TableMember[];
  /** Of the unpacked file: its absolute path. */
  readonly fileOf: (member: TableMember) => string;
  readonly openMember: (member: TableMember) => OpenRelation;
  readonly fileColumn?: string | undefined;
}

/** In Hive, the value of what is missing. */
const HIVE_NULL = '__HIVE_DEFAULT_PARTITION__';
const SHOWN = 3;

/**
 * A column that a file lacks is missing in its rows; how many files lack it is told.
 * @throws FORMAT_UNREADABLE when typed columns differ in their type, and what opening one of them throws
 */
export async function openSeveral(
  context: RelationContext,
  { members, fileOf, openMember, fileColumn }: SeveralFiles,
): Promise<TextRelation> {
  const parts: Part[] = [];
  const done = { bytes: 0, records: 0 };
  for (const [index, member] of members.entries()) {
    const scratchDirectory = join(context.scratchDirectory, `file-${index + 1}`);
    await mkdir(scratchDirectory, { recursive: true });
    const { members: _members, ...table } = context.table;
    const relation = await openMember(member)({
      ...context,
      table: { ...table, ...member },
      file: fileOf(member),
      scratchDirectory,
      pinFor: (pin) => context.pinFor(pinForFile(pin, member.originalPath)),
      onRead: (bytes, records) => context.onRead(done.bytes + bytes, done.records + records),
    });
    done.bytes += member.sourceBytes;
    done.records += relation.sourceRecords;
    const constants = new Map(partitionsOf(member.originalPath));
    if (fileColumn !== undefined) constants.set(fileColumn, member.originalPath);
    parts.push({ member, relation, constants });
  }
  const { columns, remarks } = unitedColumns(parts, context.table.originalPath);
  const rejects = await unitedRejects(parts, context);
  const cells = unitedCells(parts, columns);
  const byteLedger = sumOfLedgers(parts.map(({ relation }) => relation.byteLedger));
  const [first] = parts;
  return {
    sql: `(${parts.map((part) => selectOf(part, columns)).join(' UNION ALL ')})`,
    columns,
    dialect: { ...first!.relation.dialect, files: parts.map(described) },
    sourceRecords: done.records,
    rejects,
    ...(cells && { cells }),
    witnesses: unitedWitnesses(parts, columns),
    decisions: unitedDecisions(parts),
    ...(byteLedger && { byteLedger }),
    rowBytes: Math.max(...parts.map(({ relation }) => relation.rowBytes ?? 0)),
    suggest: () => suggestionFor(parts),
    warnings: [...remarks, ...unitedWarnings(parts)],
  };
}

/** `year=2020/month=01/a.csv`. */
function partitionsOf(path: string): Array<[string, string | null]> {
  const folders = path.split('/').slice(0, -1);
  return folders.flatMap((folder): Array<[string, string | null]> => {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(folder) ?? [];
    if (name === undefined || value === undefined) return [];
    return [[decoded(name), value === HIVE_NULL ? null : decoded(value)]];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function rowsOf({ relation }: Part): number {
  return relation.sourceRecords - relation.rejects.count;
}

function unitedColumns(parts: readonly Part[], place: string) {
  const columns = new Map<string, RelationColumn>();
  const having = new Map<string, Part[]>();
  for (const part of parts) {
    for (const column of part.relation.columns) {
      const known = columns.get(column.name);
      if (known && known.typed !== column.typed) {
        throw new ImportError('FORMAT_UNREADABLE', {
          place: `${place}, column ${column.name}`,
          expected: `${known.typed ?? 'text'}, as in the files before`,
          found: `${column.typed ?? 'text'} in ${part.member.originalPath}`,
        });
      }
      if (!known) columns.set(column.name, column);
      having.set(column.name, [...(having.get(column.name) ?? []), part]);
    }
  }
  const remarks = [...having].flatMap(([name, those]) => {
    if (those.length === parts.length) return [];
    const without = parts.filter((part) => !those.includes(part));
    return [
      `the column ${JSON.stringify(name)} is missing in ${filesOf(without, parts)}: NULL there`,
    ];
  });
  const named = new Set(parts.flatMap(({ constants }) => [...constants.keys()]));
  for (const name of named) {
    if (columns.has(name)) {
      remarks.push(
        `${JSON.stringify(name)} of the paths is left out: files have a column of that name`,
      );
    } else columns.set(name, { name, originalName: name, originalType: 'path' });
  }
  return { columns: [...columns.values()], remarks };
}

/** `3 of 20 files: a.csv, b.csv, ...`. */
function filesOf(some: readonly Part[], all: readonly Part[]): string {
  const paths = some.slice(0, SHOWN).map(({ member }) => member.originalPath);
  const more = some.length > SHOWN ? ', ...' : '';
  return `${some.length} of ${all.length} files (${paths.join(', ')}${more})`;
}

function ownColumn({ relation }: Part, name: string): number {
  return relation.columns.findIndex((column) => column.name === name);
}

function selectOf(part: Part, columns: readonly RelationColumn[]): string {
  const list = columns.map(({ name, typed = 'VARCHAR' }) => {
    if (ownColumn(part, name) !== -1) return quoteIdentifier(name);
    const constant = part.constants.get(name) ?? null;
    const value = constant === null ? 'NULL' : quoteText(constant);
    return `${value}::${typed} AS ${quoteIdentifier(name)}`;
  });
  return `SELECT ${list.join(', ')} FROM ${part.relation.sql}`;
}

function unitedCells(
  parts: readonly Part[],
  columns: readonly RelationColumn[],
): ColumnCells[] | undefined {
  if (parts.some(({ relation }) => relation.cells === undefined)) return undefined;
  return columns.map(({ name }) => {
    let [empty, longestBytes] = [0, 0];
    for (const part of parts) {
      const own = part.relation.cells![ownColumn(part, name)];
      const constant = part.constants.get(name) ?? null;
      const ofPath = {
        empty: constant === null ? rowsOf(part) : 0,
        longestBytes: Buffer.byteLength(constant ?? ''),
      };
      const cells = own ?? ofPath;
      empty += cells.empty;
      longestBytes = Math.max(longestBytes, cells.longestBytes);
    }
    return { empty, longestBytes };
  });
}

function unitedWitnesses(parts: readonly Part[], columns: readonly RelationColumn[]) {
  let before = 0;
  return parts.flatMap((part) => {
    const from = before;
    before += rowsOf(part);
    const places = columns.map(({ name }) => ownColumn(part, name));
    return (part.relation.witnesses ?? []).map(({ row, cells }) => ({
      row: from + row,
      cells: columns.map(({ name }, at) =>
        places[at] === -1 ? (part.constants.get(name) ?? null) : (cells[places[at]!] ?? null),
      ),
    }));
  });
}

/** What several files were decided alike is said once, with how many they were. */
function unitedDecisions(parts: readonly Part[]): Decision[] {
  const alike = new Map<string, { decision: Decision; of: Part[] }>();
  for (const part of parts) {
    for (const decision of part.relation.decisions) {
      const { evidence: _evidence, alternatives: _others, ...choice } = decision;
      const key = JSON.stringify(choice);
      const known = alike.get(key);
      if (known) known.of.push(part);
      else alike.set(key, { decision, of: [part] });
    }
  }
  return [...alike.values()].map(({ decision, of }) => ({
    ...decision,
    ...(of.length < parts.length && {
      pin: pinForFile(decision.pin, ...of.map(({ member }) => member.originalPath)),
    }),
    evidence: `${decision.evidence}; ${filesOf(of, parts)}`,
  }));
}

function unitedWarnings(parts: readonly Part[]): string[] {
  const alike = new Map<string, Part[]>();
  for (const part of parts) {
    for (const text of part.relation.warnings) alike.set(text, [...(alike.get(text) ?? []), part]);
  }
  return [...alike].map(([text, of]) => `${text}; ${filesOf(of, parts)}`);
}

/** The ledger of each file, in the order of its rows. */
function described(part: Part): Readonly<Record<string, unknown>> {
  const { member, relation } = part;
  const { byteLedger } = relation;
  return {
    path: member.originalPath,
    ...{ bytes: member.sourceBytes, sha256: member.sourceSha256, records: relation.sourceRecords },
    ...{ rows: rowsOf(part), rejects: relation.rejects.count },
    ...(byteLedger && { byteLedger }),
  };
}
