/** What GetDatasetMetadata says of a dataset's files and columns, which GetDataset does not. */
import { plainLine, plainText } from '../plain-text.js';
import type { FileDocumentation, SourceDocumentation } from '../types.js';

/** Of `kagglesdk` 0.1.38, DatasetInfo; defaults are left out. */
export interface MetadataAnswer {
  readonly info?: {
    readonly description?: string;
    readonly userSpecifiedSources?: string;
    readonly data?: readonly {
      readonly name?: string;
      readonly description?: string;
      readonly columns?: readonly { readonly name?: string; readonly description?: string }[];
    }[];
  };
}

const MOST_OF_FILE = 4_000;
const MOST_OF_COLUMN = 1_000;
const MOST_OF_SOURCES = 4_000;
const MOST_OF_NAME = 1_000;
/** Of all descriptions together; those that come first are kept. */
const MOST_CHARACTERS = 4e6;

/** The lists may hold anything: what is not as it should be is left out. */
export function documentationOf({ info }: MetadataAnswer): SourceDocumentation {
  const sources = plainText(info?.userSpecifiedSources, MOST_OF_SOURCES);
  const files: FileDocumentation[] = [];
  let characters = 0;
  for (const { name, description, columns } of objectsOf(info?.data)) {
    const path = plainLine(name, MOST_OF_NAME);
    if (path === undefined) continue;
    const about = plainText(description, MOST_OF_FILE);
    const documented = objectsOf(columns).flatMap((column): [string, string][] => {
      const text = plainText(column.description, MOST_OF_COLUMN);
      const of = plainLine(column.name, MOST_OF_NAME);
      return text === undefined || of === undefined ? [] : [[of, text]];
    });
    if (about === undefined && documented.length === 0) continue;
    const lengths = documented.map(([of, text]) => of.length + text.length);
    characters += (about ?? '').length + lengths.reduce((sum, length) => sum + length, 0);
    if (characters > MOST_CHARACTERS) break;
    files.push({ path, ...(about !== undefined && { description: about }), columns: documented });
  }
  return { ...(sources !== undefined && { sources }), files };
}

function objectsOf<Item extends object>(list: readonly Item[] | undefined): readonly Item[] {
  if (!Array.isArray(list)) return [];
  return list.filter((item: unknown) => typeof item === 'object' && item !== null) as Item[];
}
