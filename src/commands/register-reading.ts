/** Registers the verbs that read what is published. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { EXPORT_FORMATS, type ExportFormat } from '../published/formats.js';
import type { Run } from './context.js';
import * as verbs from './index.js';

export function registerReading(program: Command, run: Run): void {
  program
    .command('show')
    .description('columns, types, proof and profile of what is published')
    .argument('<name>', 'dataset, dataset.table or dataset.table@version')
    .action((name: string) => run((context) => verbs.show(name, context)));
  program
    .command('head')
    .description('the first rows of a published table')
    .argument('<name>', 'dataset, dataset.table or dataset.table@version')
    .option('--limit <rows>', 'how many', count, 10)
    .action((name: string, { limit }: { limit: number }) =>
      run((context) => verbs.head(name, limit, context), { tidiesUp: true }),
    );
  program
    .command('sql')
    .description('a query over published tables, by their names')
    .argument('<query>', 'such as "SELECT count(*) FROM iris"')
    .option('--limit <rows>', 'how many to show', count, 100)
    .option('--at <dataset@version...>', 'read these datasets in an earlier version', [])
    .action((query: string, options: { limit: number; at: string[] }) =>
      run((context) => verbs.sql(query, options, context), { tidiesUp: true }),
    );
  program
    .command('export')
    .description('published tables as CSV, JSON Lines or Parquet')
    .argument('<name>', 'dataset, dataset.table or dataset.table@version')
    .addOption(new Option('--format <format>').choices(EXPORT_FORMATS).default('csv'))
    .option('--to <path>', 'a file, or a folder that ends in /; else stdout')
    .option('--version <version>', 'of the source; else the current one')
    .action((name: string, options: { format: ExportFormat; to?: string; version?: string }) =>
      run((context) => verbs.exportTables(name, options, context), { tidiesUp: true }),
    );
  program
    .command('rejects')
    .description('source records that are no rows, and why')
    .argument('<name>', 'dataset, dataset.table or dataset.table@version')
    .option('--limit <rows>', 'how many to show', count, 100)
    .action((name: string, { limit }: { limit: number }) =>
      run((context) => verbs.rejects(name, limit, context), { tidiesUp: true }),
    );
}

function count(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number above 0');
}
