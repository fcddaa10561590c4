/** `schedule`: nightly imports, `gc` and `verify`, as Temporal schedules of any number. */
import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleHandle,
  type ScheduleOptions as Schedule,
} from '@temporalio/client';
import type { Catalog } from '../catalog/index.js';
import { configFile, type Environment } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { selected } from '../config/selection.js';
import { ImportError } from '../errors/index.js';
import { withClient } from '../temporal/connection.js';
import { asked, withCatalog } from './asked.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { backfill } from './schedule-backfill.js';
import {
  backfilled,
  requireScheduleOptions,
  type Scheduled,
  type ScheduleAction,
  type ScheduleOptions,
} from './schedule-options.js';
import {
  planned,
  requireOwnName,
  scheduledBy,
  scheduleIdOf,
  scheduleNameOf,
} from './schedule-plans.js';
import {
  scheduleListText,
  scheduleText,
  viewOfSchedule,
  type ScheduleView,
} from './schedule-text.js';

/** What the verb says; the rest of it goes out with `--json`. */
interface Answer extends Partial<ScheduleView> {
  readonly text: string;
  /** Afterwards. */
  readonly exists: boolean;
  /** Of backfill: those that are made up for. */
  readonly times?: number;
}

interface Asks {
  readonly environment: Environment;
  readonly client: Client;
  readonly options: ScheduleOptions;
}

type Act = Exclude<ScheduleAction, 'list'>;

export async function schedule(
  action: ScheduleAction,
  given: ScheduleOptions,
  { result, width }: CommandContext,
): Promise<void> {
  // By its whole id as well, as `status` names it.
  const options = given.name === undefined ? given : { ...given, name: scheduleNameOf(given.name) };
  requireScheduleOptions(action, options);
  const usualId = scheduleIdOf(options);
  const environment = await commandEnvironment();
  if (action === 'create') {
    requireOwnName(options);
    await requireSelection(environment, options);
  }
  if (action === 'list') {
    const schedules = await withClient(environment, (client) => list(client, environment));
    return result({ action, schedules }, scheduleListText(schedules, width));
  }
  const { text, ...data } = await withClient(environment, async (client) => {
    const scheduleId = action === 'create' ? usualId : await idAmong(client, options);
    const said = await act(action, client.schedule.getHandle(scheduleId), {
      ...{ environment, client, options },
    });
    return { schedule: scheduleId, ...said };
  }).catch((error: unknown) => answerTo(error, action, options));
  result({ schedule: usualId, action, ...data }, text);
}

/** Of one that others have made, its whole id is the name. */
async function idAmong(client: Client, options: ScheduleOptions): Promise<string> {
  const usualId = scheduleIdOf(options);
  const { name } = options;
  const what = async (id: string): Promise<string | undefined> =>
    (await client.schedule.getHandle(id).describe()).action.workflowType;
  if (name === undefined || (await what(usualId).catch(unlessMissing)) !== undefined) {
    return usualId;
  }
  const isOfThisTool = scheduledBy(await what(name).catch(unlessMissing)) !== undefined;
  return isOfThisTool ? name : usualId;
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof ScheduleNotFoundError)) throw error;
}

/** A night that would fail as a whole is refused by day. Throws DATASET_UNKNOWN, DOMAIN_UNKNOWN. */
async function requireSelection(
  environment: Environment,
  { only, domain }: ScheduleOptions,
): Promise<void> {
  if (!only && !domain) return;
  const config = await loadDatasetsConfig(configFile(environment));
  selected(config, { ...(only && { only }), ...(domain && { domains: domain }) });
}

/** That there is none answers who asks for it or wants it gone; who wants it changed must create it first. */
function answerTo(error: unknown, action: ScheduleAction, options: ScheduleOptions): Answer {
  // What the SDK makes of a specification that the server refuses.
  if (error instanceof TypeError) {
    const expected = '--cron, --timezone and --jitter that Temporal understands';
    throw new ImportError('USAGE', { expected, found: error.message });
  }
  if (!(error instanceof ScheduleNotFoundError)) throw error;
  const scheduleId = scheduleIdOf(options);
  const none = `There is no schedule ${scheduleId}`;
  if (action === 'delete') return { text: `${none}; nothing to delete.`, exists: false };
  if (action === 'show') {
    const { what, name } = options;
    const which = `${what === 'import' ? '' : ` WHAT=${what}`}${name === undefined ? '' : ` NAME=${name}`}`;
    const create = `make schedule ACTION=create${which}`;
    return {
      text: `${none}; \`${create}\` creates it, \`make schedule ACTION=list\` shows all.`,
      exists: false,
    };
  }
  throw new ImportError('SCHEDULE_MISSING', { place: scheduleId });
}

async function act(action: Act, handle: ScheduleHandle, asks: Asks): Promise<Answer> {
  const { client, options } = asks;
  const { note } = options;
  switch (action) {
    case 'create':
      await create(client, options);
      return described(asks, handle);
    case 'show':
      return described(asks, handle);
    case 'pause': {
      const why = note ?? 'paused with kaggle-import schedule pause';
      await handle.pause(why);
      const text = `Paused (${why}). \`make schedule ACTION=resume\` goes on.`;
      return { text, exists: true, paused: true, note: why };
    }
    case 'resume':
      await handle.unpause(note ?? 'resumed with kaggle-import schedule resume');
      return described(asks, handle);
    case 'trigger': {
      const { info } = await handle.describe();
      await handle.trigger(ScheduleOverlapPolicy.SKIP);
      const [running] = info.runningActions;
      const text = running
        ? `Not triggered: ${running.workflow.workflowId} still runs; \`make status\` shows it.`
        : 'Triggered; `make status` shows what runs.';
      return { text, exists: true };
    }
    case 'backfill':
      return { exists: true, ...(await backfill(client, handle, backfilled(options))) };
    case 'delete':
      await handle.delete();
      return { text: 'Deleted. Imports that run are not touched.', exists: false };
  }
}

/** Again with other options: the schedule is changed as a whole, and stays paused if it was. */
async function create(client: Client, options: ScheduleOptions): Promise<void> {
  const schedule = planned(options);
  try {
    const handle = await client.schedule.create(schedule);
    if (await neverRuns(handle)) {
      await handle.delete();
      throw neverCame(schedule);
    }
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await change(client.schedule.getHandle(schedule.scheduleId), schedule, options.what);
  }
}

async function change(handle: ScheduleHandle, schedule: Schedule, what: Scheduled): Promise<void> {
  const before = await handle.describe();
  const found = scheduledBy(before.action.workflowType);
  if (found !== what) {
    const expected = `another --name, for ${schedule.scheduleId} is of --what ${found ?? before.action.workflowType}`;
    throw new ImportError('USAGE', { expected, found: `--what ${what}` });
  }
  await handle.update(({ state }) => ({ ...schedule, state }));
  if (await neverRuns(handle)) {
    await handle.update(({ state }) => ({ ...before, state }));
    throw neverCame(schedule);
  }
}

/** Temporal takes a day that no month has, such as 31 February, and only then says that it never comes. */
async function neverRuns(handle: ScheduleHandle): Promise<boolean> {
  return (await handle.describe()).info.nextActionTimes.length === 0;
}

function neverCame({ spec }: Schedule): ImportError {
  const found = (spec.cronExpressions ?? []).join('; ');
  return new ImportError('USAGE', { expected: '--cron of a time that comes', found });
}

async function described({ client, environment }: Asks, handle: ScheduleHandle): Promise<Answer> {
  const description = await handle.describe();
  const view = await withRecords(environment, (catalog) =>
    viewOfSchedule(client, description, catalog),
  );
  return { text: scheduleText(view), exists: true, ...view };
}

/** Of this tool, whoever made them and under whatever name; in the order of their next run. */
async function list(client: Client, environment: Environment): Promise<ScheduleView[]> {
  return withRecords(environment, async (catalog) => {
    const views: ScheduleView[] = [];
    for await (const { scheduleId, action } of client.schedule.list()) {
      if (scheduledBy(action?.workflowType) === undefined) continue;
      const description = await client.schedule.getHandle(scheduleId).describe();
      views.push(await viewOfSchedule(client, description, catalog));
    }
    return views.sort((one, other) => (one.nextRun ?? '~').localeCompare(other.nextRun ?? '~'));
  });
}

/** A catalog that is away keeps only the outcomes of the runs back. */
async function withRecords<Answer>(
  environment: Environment,
  ask: (catalog: Catalog | undefined) => Promise<Answer>,
): Promise<Answer> {
  const { answer } = await asked(() => withCatalog(environment, ask));
  return answer ?? ask(undefined);
}
