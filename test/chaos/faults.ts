/** What goes wrong in a campaign, in lanes side by side: each host, the servers, and the source with all around it. */
import type { FaultKind } from '../../src/stack/kaggle-server/index.js';
import type { Dice } from '../helpers/hostile-server.js';
import type { Host } from './host.js';
import { pause } from './patience.js';
import type { Scene } from './scene.js';
import { SERVERS, type Servers } from './servers.js';

/** How often each fault was injected. */
export type Counts = Record<string, number>;

export interface Fault {
  readonly name: string;
  readonly inject: (signal: AbortSignal) => Promise<void>;
}

interface Lane {
  readonly faults: readonly Fault[];
  readonly pauseMs: { readonly from: number; readonly below: number };
  /** How many of them in a short campaign. */
  readonly inShort: number;
}

/** The server misses heartbeats after a minute: then what goes on is a zombie. */
const LONGER_THAN_HEARTBEATS_MS = 66_000;
const SECOND_MS = 1_000;

/** Fifteen imports are over in less than a minute. */
const SHORT_PACE = 0.2;

/** Injects until the signal aborts; all that was taken away is back then. */
export async function runLane(
  { faults, pauseMs, inShort }: Lane,
  isShort: boolean,
  dice: Dice,
  counts: Counts,
  signal: AbortSignal,
): Promise<void> {
  let round: Fault[] = [];
  const most = isShort ? inShort : Infinity;
  const pace = isShort ? SHORT_PACE : 1;
  for (let injected = 0; injected < most && !signal.aborted; injected += 1) {
    await pause(pace * (pauseMs.from + dice(pauseMs.below)), signal);
    if (signal.aborted) return;
    // Each of them once before any comes again.
    if (round.length === 0) round = shuffled(faults, dice);
    const { name, inject } = round.pop()!;
    counts[name] = (counts[name] ?? 0) + 1;
    await inject(signal);
  }
}

/** @param isShort - without faults that cost the minute after which heartbeats are missed */
export function hostLane(host: Host, isShort: boolean, dice: Dice): Lane {
  const short = (): number => SECOND_MS + dice(8 * SECOND_MS);
  const long = (): number => LONGER_THAN_HEARTBEATS_MS + dice(20 * SECOND_MS);
  const faults: Fault[] = [
    { name: 'process of the pool killed', inject: () => Promise.resolve(host.killProcess(dice)) },
    { name: 'worker told to stop', inject: () => restarted(host, () => host.stop()) },
    { name: 'worker stands still', inject: (signal) => host.standStill(short(), signal) },
    { name: 'worker cut off from Temporal', inject: (signal) => host.cutOff(short(), signal) },
  ];
  const longFaults: Fault[] = [
    { name: 'worker killed', inject: () => restarted(host, () => host.kill()) },
    { name: 'worker killed', inject: () => restarted(host, () => host.kill()) },
    { name: 'worker becomes a zombie', inject: (signal) => host.standStill(long(), signal) },
    { name: 'worker cut off for long', inject: (signal) => host.cutOff(long(), signal) },
  ];
  const alive = [...faults, ...(isShort ? [] : longFaults)].map(({ name, inject }) => ({
    name,
    inject: async (signal: AbortSignal) => {
      await host.ensure();
      await inject(signal);
    },
  }));
  return { faults: alive, pauseMs: { from: 5 * SECOND_MS, below: 25 * SECOND_MS }, inShort: 2 };
}

async function restarted(host: Host, end: () => Promise<void>): Promise<void> {
  await end();
  await host.start();
}

export function serverLane(servers: Servers, dice: Dice): Lane {
  const outage = (): number => dice(10 * SECOND_MS);
  const faults = SERVERS.flatMap((name): Fault[] => [
    { name: `${name} killed`, inject: (signal) => servers.killFor(name, outage(), signal) },
    { name: `${name} frozen`, inject: (signal) => servers.freezeFor(name, outage(), signal) },
  ]);
  return { faults, pauseMs: { from: 10 * SECOND_MS, below: 25 * SECOND_MS }, inShort: 2 };
}

/**
 * Of the Kaggle-compatible server; none of them changes bytes under a right checksum.
 * @param isShort - without silence, which is borne for a minute
 */
function brokenDownloads(isShort: boolean, dice: Dice): readonly FaultKind[] {
  return [
    { kind: 'cut', afterBytes: dice(60_000) },
    { kind: 'corrupt' },
    { kind: 'wrong-length' },
    { kind: 'expired-url' },
    { kind: 'status', status: 503 },
    { kind: 'too-many-requests', retryAfterSeconds: 1 },
    { kind: 'ignore-range' },
    { kind: 'wrong-range' },
    { kind: 'changed' },
    { kind: 'html' },
    ...(isShort ? [] : [{ kind: 'hang', afterBytes: dice(60_000) } as const]),
  ];
}

export function sourceLane(
  { site, hosts, isShort }: Scene,
  maintenance: readonly Fault[],
  dice: Dice,
): Lane {
  const downloads = brokenDownloads(isShort, dice).map(({ kind }): Fault => {
    const now = (): FaultKind => brokenDownloads(isShort, dice).find((one) => one.kind === kind)!;
    const add = (): void => site.kaggle.faults.add({ ...now(), times: 1 + dice(2) });
    return { name: `download: ${kind}`, inject: () => Promise.resolve(add()) };
  });
  const full = hosts
    .filter(({ hasOwnDisk }) => hasOwnDisk)
    .map((host): Fault => {
      const inject = async (signal: AbortSignal): Promise<void> => {
        await host.fillDisk(dice(70 * 1024 ** 2), 3 * SECOND_MS + dice(10 * SECOND_MS), signal);
      };
      return { name: 'disk full', inject };
    });
  const faults = [...downloads, ...full, ...full, ...full, ...maintenance];
  return { faults, pauseMs: { from: SECOND_MS, below: 4 * SECOND_MS }, inShort: 15 };
}

function shuffled<Item>(items: readonly Item[], dice: Dice): Item[] {
  const left = [...items];
  return items.map(() => left.splice(dice(left.length), 1)[0]!);
}
