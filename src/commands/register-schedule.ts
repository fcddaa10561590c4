/** Registers `schedule`, with what each of its actions takes. */
import { Argument, Option, type Command } from 'commander';
import type { Run } from './context.js';
import * as verbs from './index.js';
import {
  SCHEDULE_ACTIONS,
  SCHEDULED,
  type ScheduleAction,
  type ScheduleOptions,
} from './schedule-options.js';

export function registerSchedule(program: Command, run: Run): void {
  program
    .command('schedule')
    .description('nightly imports, gc and verify as Temporal schedules')
    .addArgument(new Argument('[action]', 'what to do').choices(SCHEDULE_ACTIONS).default('show'))
    .addOption(new Option('--what <what>', 'is scheduled').choices(SCHEDULED).default('import'))
    .option('--name <name>', 'which of several; else the usual one: daily, gc, verify')
    .option(
      '--cron <expression>',
      'when, for create; again for more times; else at night, verify on Sundays',
      (expression: string, before: readonly string[] = []) => [...before, expression],
    )
    .option('--timezone <name>', 'of the cron expression, such as Europe/Paris', 'UTC')
    .option('--jitter <time>', 'begin up to so much later, each time another', '10 minutes')
    .option('--only <datasets>', 'of import: these, separated by commas', listOf)
    .option('--domain <domains>', 'of import: the datasets of these domains', listOf)
    .option('--deep', 'of verify: convert cached sources again, put back what is damaged', false)
    .option('--note <text>', 'why, for pause and resume; `show` tells it')
    .option('--from <time>', 'of backfill: from this day or instant on')
    .option('--to <time>', 'of backfill: up to this one')
    .addHelpText(
      'after',
      `
create    makes the schedule, or changes it as a whole
list      all schedules; show: one, with its last runs and the next five times
pause     until resume; a run that goes on is not touched
trigger   now, besides, unless a run goes on
backfill  every time between --from and --to, one after another

  kaggle-import schedule create --name finance --domain finance --cron '30 3 * * 1-5'
  kaggle-import schedule pause --name finance --note 'quarter end'`,
    )
    .action((action: ScheduleAction, options: ScheduleOptions) =>
      run((context) => verbs.schedule(action, options, context)),
    );
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
