/** Registers the verbs of what was published before: its versions, their differences, the way back, its upkeep. */
import type { Command } from 'commander';
import type { Run } from './context.js';
import * as verbs from './index.js';

export function registerPast(program: Command, run: Run): void {
  program
    .command('versions')
    .description('every published version of a dataset, and whether it is still stored')
    .argument('<dataset>')
    .action((name: string) => run((context) => verbs.versions(name, context)));
  program
    .command('diff')
    .description('two versions side by side: columns, types, rows, nulls, ranges, classes')
    .argument('<dataset>')
    .argument('[from]', 'a version; else the one published before')
    .argument('[to]', 'a version; else the current one')
    .action((name: string, from?: string, to?: string) =>
      run((context) => verbs.diff(name, [from, to], context)),
    );
  program
    .command('rollback')
    .description('make the version before, or a named one, current again')
    .argument('<dataset>')
    .argument('[version]', 'of the source, or its folder as `versions` shows it')
    .action((name: string, version?: string) =>
      run((context) => verbs.rollback(name, version, context), { tidiesUp: true }),
    );
  for (const [decision, does] of [
    ['approve', 'make the version that is held current'],
    ['reject', 'leave the version that is held aside, until there is a newer one'],
  ] as const) {
    program
      .command(decision)
      .description(does)
      .argument('<dataset>')
      .argument('[version]', 'as `versions` shows it; else the one that is held')
      .action((name: string, version?: string) =>
        run((context) => verbs.decide(decision, name, version, context), { tidiesUp: true }),
      );
  }
  program
    .command('verify')
    .description('read what is stored again, and hold it against the catalog')
    .argument('[name]', 'dataset or dataset@version; else the current versions of all')
    .option('--deep', 'convert the cached source again, compare cells, put back what is damaged')
    .action((name: string | undefined, { deep = false }: { deep?: boolean }) =>
      run((context) => verbs.verify(name, deep, context), { tidiesUp: true }),
    );
  program
    .command('gc')
    .description('which old versions and lost objects would be removed')
    .option('--apply', 'remove them')
    .action(({ apply = false }: { apply?: boolean }) =>
      run((context) => verbs.gc(apply, context), { tidiesUp: true }),
    );
}
