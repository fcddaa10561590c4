/** A campaign: imports of a dozen datasets, side by side, while everything around them fails. */
import { importWorkflowId } from '../../src/contract.js';
import { diceOf, type Dice } from '../helpers/hostile-server.js';
import { hostLane, runLane, serverLane, sourceLane, type Counts } from './faults.js';
import {
  endOf,
  interfere,
  startImport,
  wakeAll,
  type Interference,
  type RunRecord,
} from './imports.js';
import { pause } from './patience.js';
import { decideAtTimes, maintenance } from './people.js';
import type { Scene } from './scene.js';
import { Servers } from './servers.js';
import type { DatasetSpec } from './tables.js';

export interface Happened {
  readonly runs: readonly RunRecord[];
  /** How often each fault was injected. */
  readonly faults: Counts;
}

/** A person who ends an import does so within this time. */
const INTERFERENCE_WITHIN_MS = 20_000;
/** So often: what waits for a person, and whether workers are there. */
const LOOK_EVERY_MS = 5_000;

/** Until as many imports have ended as were asked for. Once the last has begun, nothing fails any more. */
export async function runCampaign(scene: Scene): Promise<Happened> {
  const { hosts, specs, options } = scene;
  const faults: Counts = {};
  const runs: RunRecord[] = [];
  const [allBegun, over] = [new AbortController(), new AbortController()];
  let streams = 0;
  const dice = (): Dice => diceOf(options.seed * 1_000 + (streams += 1));

  await Promise.all(hosts.map((host) => host.start()));
  const lanes = [
    ...hosts.map((host) => hostLane(host, scene.isShort, dice())),
    serverLane(new Servers(scene.stack), dice()),
    sourceLane(scene, maintenance(scene, dice()), dice()),
  ];
  const failing = lanes.map((lane) =>
    runLane(lane, scene.isShort, dice(), faults, allBegun.signal),
  );
  const waking = wakeNowAndThen(scene, over.signal);
  let left = options.imports;
  const hasNext = (): boolean => {
    left -= 1;
    // All faults together would hit the few that are left, again and again.
    if (left < 0) allBegun.abort();
    return left >= 0;
  };
  const importing = Promise.all(
    specs.map((spec) => importAgain(scene, spec, dice(), hasNext, { happened, counted })),
  ).finally(() => [allBegun, over].forEach((ended) => ended.abort()));
  const inPlace = Promise.all(failing).then(() => keepInPlace(scene, over.signal));
  // A lane that breaks ends the campaign: what it has taken away would never come back.
  await Promise.all([importing, inPlace, waking]);
  return { runs, faults };

  function happened(run: RunRecord, fault?: string): void {
    runs.push(run);
    if (fault !== undefined) counted(fault);
  }

  function counted(fault: string): void {
    faults[fault] = (faults[fault] ?? 0) + 1;
  }
}

interface Told {
  readonly happened: (run: RunRecord, fault?: string) => void;
  readonly counted: (fault: string) => void;
}

async function importAgain(
  scene: Scene,
  spec: DatasetSpec,
  dice: Dice,
  hasNext: () => boolean,
  { happened, counted }: Told,
): Promise<void> {
  const { client } = scene.site.namespace;
  for (let number = 1; hasNext(); number += 1) {
    if (dice(3) > 0) await scene.publish(spec, dice);
    const input = { dataset: spec.name, force: dice(6) === 0 };
    const batchId = dice(2) === 0 ? 'of-the-campaign' : undefined;
    const run = await startImport(client, input, importWorkflowId(spec.name), batchId);
    if (dice(15) === 0) {
      const other = await startImport(client, input, `${spec.name}-again-${number}`);
      happened(await endOf(other), 'started under another id');
    }
    const how = ([undefined, 'cancelled', 'terminated'] as const)[Math.max(0, dice(10) - 7)];
    const ending = endOf(run);
    if (how) await afterAWhile(dice(INTERFERENCE_WITHIN_MS), ending, () => interfere(run, how));
    const ended = await ending;
    happened(ended, how && `import ${how satisfies Interference}`);
    const decision = await decideAtTimes(scene, ended, dice);
    if (decision !== undefined) counted(`held: ${decision}`);
  }
}

async function afterAWhile(
  ms: number,
  ending: Promise<unknown>,
  act: () => Promise<void>,
): Promise<void> {
  const ended = new AbortController();
  void ending.finally(() => ended.abort()).catch(() => undefined);
  await pause(ms, ended.signal);
  await act();
}

/** A worker that has ended by itself is not missed by anybody else. */
async function keepInPlace({ hosts }: Scene, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await Promise.all(hosts.map((host) => host.ensure()));
    await pause(LOOK_EVERY_MS, signal);
  }
}

async function wakeNowAndThen({ site, datasets }: Scene, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(LOOK_EVERY_MS, signal);
    await wakeAll(site.namespace.client, datasets);
  }
}
