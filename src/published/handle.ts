/** How a person names what is published: `iris`, `titanic.passengers`, `titanic.passengers@3`. */
import { ImportError } from '../errors/index.js';

export interface Handle {
  readonly dataset: string;
  readonly table?: string;
  /** The source's own version; the current one when absent. */
  readonly version?: string;
}

const HANDLE = /^(?<dataset>[a-z0-9][a-z0-9_-]*)(?:\.(?<table>[^@]+))?(?:@v?(?<version>.+))?$/;

/** Throws USAGE for anything else. */
export function parseHandle(text: string): Handle {
  const parts = HANDLE.exec(text)?.groups;
  if (!parts) {
    throw new ImportError('USAGE', {
      expected: 'dataset, dataset.table or dataset.table@version',
      found: JSON.stringify(text),
    });
  }
  const { dataset, table, version } = parts as {
    dataset: string;
    table?: string;
    version?: string;
  };
  return {
    dataset,
    ...(table !== undefined && { table }),
    ...(version !== undefined && { version }),
  };
}
