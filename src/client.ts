#!/usr/bin/env node
/** The `kaggle-import` command: parses arguments, calls one verb of commands/, gives the exit code. */
import * as nodeModules from 'node:module';
import { Command, CommanderError } from 'commander';
import { compiledDirectory, isDumbTerminal, toolVersion } from './config/environment.js';
import { ImportError } from './errors/index.js';
import type { CommandContext } from './commands/context.js';
import { explain } from './commands/explain.js';
import * as verbs from './commands/index.js';
import { registerPast } from './commands/register-past.js';
import { registerReading } from './commands/register-reading.js';
import { registerSchedule } from './commands/register-schedule.js';

interface GlobalOptions {
  readonly json?: boolean;
  readonly debug?: boolean;
}

// From Node 22 on: what V8 has compiled once, the next command need not compile again.
const { enableCompileCache } = nodeModules as { enableCompileCache?: (folder: string) => unknown };
enableCompileCache?.(compiledDirectory());
// Before a verb is loaded: its stack traces name files of src/ and not of the bundle.
if (process.argv.includes('--debug')) process.setSourceMapsEnabled(true);

/** `| head` has read enough: what is running ends as if it had been asked to, and nothing went wrong. */
const enough = new AbortController();
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  enough.abort();
});

const program = new Command('kaggle-import')
  .description('Brings Kaggle datasets into your data platform as proven, typed Parquet.')
  .version(toolVersion)
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 an import failed, 2 usage or configuration, 3 a service or the source\n' +
      'is unreachable, 130 interrupted. docs/errors.md explains every code of an error.',
  )
  .configureOutput({
    outputError: (text) => {
      const found = text
        .replace(/^error: /, '')
        .trim()
        .replaceAll(/\s*\n\s*/g, ' ');
      fail(new ImportError('USAGE', { found }));
    },
  })
  // `export --version 3` is not the version of the tool.
  .enablePositionalOptions()
  .exitOverride();

program
  .command('demo')
  .description('embedded stack, sample datasets, summary')
  .action(() => run(verbs.demo, { tidiesUp: true }));
program
  .command('up')
  .description('start the embedded stack and a worker in the background')
  .action(() => run(verbs.up, { tidiesUp: true }));
program
  .command('down')
  .description('stop the embedded stack and its worker')
  .action(() => run(verbs.down));
program
  .command('auth')
  .description('who Kaggle says we are')
  .action(() => run(verbs.auth));
program
  .command('check')
  .description('check configuration and environment, all problems at once')
  .action(() => run(verbs.check));
program
  .command('services')
  .description('reach Temporal, database, object store and Kaggle')
  .action(() => run(verbs.services));
program
  .command('list')
  .description('configured datasets, published version, age')
  .action(() => run(verbs.list));
program
  .command('import')
  .description('import one dataset, the small ones or all, and follow the progress')
  .argument('[dataset]', 'a name from the configuration')
  .option('--all', 'every configured dataset')
  .option('--small', 'every dataset that is not large_dataset')
  .option('--force', 'ignore cache and publication')
  .option('--cancel', 'cancel what runs instead of starting it')
  .action(
    (
      dataset: string | undefined,
      options: { all?: boolean; small?: boolean; force?: boolean; cancel?: boolean },
    ) => {
      const { all = false, small = false, ...rest } = options;
      if ([dataset !== undefined, all, small].filter(Boolean).length !== 1) {
        return fail(
          new ImportError('USAGE', {
            expected: 'one of: a dataset name, --all, --small',
            nextStep:
              'Name one, `make import-dataset DATASET=iris`; `make list-datasets` shows all.',
          }),
        );
      }
      return run(
        (context) =>
          verbs.runImport({ ...(dataset !== undefined && { dataset }), small, ...rest }, context),
        { tidiesUp: true },
      );
    },
  );
program
  .command('status')
  .description('running imports, last outcomes, next run, cache; of one dataset its history')
  .argument('[dataset]', 'a name from the configuration')
  .action((dataset: string | undefined) => run((context) => verbs.status(dataset, context)));
program
  .command('plan')
  .description('what an import would do; changes nothing')
  .argument('[dataset]', 'a name from the configuration')
  .action((dataset: string | undefined) => run((context) => verbs.plan(dataset, context)));
registerReading(program, run);
program
  .command('inspect')
  .description('how a file would be read, and what would become of it; needs no server')
  .argument('<what>', 'a file, an archive, a folder, or a dataset that is in the cache')
  .argument('[table]', 'one of several tables')
  .action((what: string, table: string | undefined) =>
    run((context) => verbs.inspect(what, table, context), { tidiesUp: true }),
  );
registerPast(program, run);
program
  .command('search')
  .description('find Kaggle datasets by words')
  .argument('<words...>')
  .action((words: string[]) => run((context) => verbs.search(words.join(' '), context)));
registerSchedule(program, run);
program
  .command('clean')
  .description('remove temporary files and expired cache')
  .option('--all', 'the whole cache')
  .action(({ all = false }: { all?: boolean }) => run((context) => verbs.clean(all, context)));

// Before the verb and behind it.
for (const command of [program, ...program.commands]) {
  command
    .option('--json', 'results as JSON on stdout')
    .option('--debug', 'stack traces with errors');
}

// Not awaited: verbs are modules of the bundle that this one belongs to, and would wait for its end.
program.parseAsync().catch((error: unknown) => {
  // Commander has printed its own message; help and version end with 0.
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
});

function globalOptions(): GlobalOptions {
  const verb = program.commands.find((command) => command.name() === program.args[0]);
  return { ...program.opts<GlobalOptions>(), ...verb?.opts<GlobalOptions>() };
}

/** `tidiesUp`: at Ctrl-C the verb ends by itself, in order; any other verb is simply left. */
async function run(
  verb: (context: CommandContext) => Promise<void>,
  { tidiesUp = false }: { tidiesUp?: boolean } = {},
): Promise<void> {
  const interrupt = new AbortController();
  const { createScreen } = await import('./commands/screen.js');
  const screen = await createScreen(process.stderr, !process.stderr.isTTY || isDumbTerminal);
  /** With `--json`, one document tells the result and what went wrong after it. */
  let data: object | undefined;
  /** A long result has been written by its verb, as it came. */
  let written = false;
  // Stays in place after the first signal: a library that finds itself alone with it ends the process.
  const stop = (): void => {
    if (tidiesUp && !interrupt.signal.aborted) {
      interrupt.abort();
      return screen.note('Interrupted; tidying up. Ctrl-C again stops at once.');
    }
    screen.live?.(undefined);
    fail(new ImportError('INTERRUPTED'), data);
    process.exit();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  enough.signal.addEventListener('abort', () => interrupt.abort());
  const json = wantsJson();
  try {
    await verb({
      ...screen,
      signal: interrupt.signal,
      json,
      width: process.stdout.columns,
      result: (found, text) => {
        data = found;
        written = found === undefined;
        if (!json) console.log(text);
      },
    });
    if (json && !written) print(data ?? {});
  } catch (error) {
    if (enough.signal.aborted) return;
    const known = error instanceof ImportError && error.code === 'INTERRUPTED';
    const interrupted = interrupt.signal.aborted && !known;
    const told = interrupted
      ? new ImportError('INTERRUPTED', { cause: error })
      : await verbs.withStackAdvice(error);
    fail(told, data);
    // What it had asked of Temporal may be about to be asked again, on a connection that is closed by now.
    if (interrupt.signal.aborted) process.exit();
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function fail(error: unknown, data: object = {}): void {
  const { debug = false } = globalOptions();
  const explained = explain(error, debug);
  if (wantsJson()) print({ ...data, error: explained.data });
  else console.error(explained.text);
  process.exitCode = explained.exitCode;
}

/** Also when the arguments could not be read. */
function wantsJson(): boolean {
  return globalOptions().json ?? process.argv.includes('--json');
}

function print(document: object): void {
  console.log(JSON.stringify(document, null, 2));
}
