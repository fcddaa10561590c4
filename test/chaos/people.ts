/** What people and schedules do beside the imports of a campaign: with the command, as they would. */
import { commandRunner } from '../helpers/command.js';
import type { Dice } from '../helpers/hostile-server.js';
import type { Fault } from './faults.js';
import type { RunRecord } from './imports.js';
import type { Scene } from './scene.js';

/** They may fail, for a server may be away; the judge looks at what they have done. */
export function maintenance(scene: Scene, dice: Dice): readonly Fault[] {
  const { run } = commandRunner(scene.site.environment('command'));
  const any = (): string => scene.datasets[dice(scene.datasets.length)]!;
  const verb = (name: string, args: () => string[]): Fault => ({
    name,
    inject: async () => void (await run(args())),
  });
  const rollback = (): string[] => {
    const dataset = any();
    wish(scene, dataset);
    return ['rollback', dataset];
  };
  return [
    verb('gc --apply', () => ['gc', '--apply']),
    verb('gc --apply', () => ['gc', '--apply']),
    verb('status', () => ['status']),
    verb('rollback', rollback),
    verb('verify', () => ['verify', any()]),
  ];
}

/** Of a version that is held, at once or never. Gives what was decided. */
export async function decideAtTimes(
  scene: Scene,
  { dataset, ended, version }: RunRecord,
  dice: Dice,
): Promise<string | undefined> {
  const verb = ended === 'held' ? ([undefined, 'approve', 'reject'] as const)[dice(3)] : undefined;
  if (verb === undefined) return undefined;
  const { run } = commandRunner(scene.site.environment('command'));
  if (verb === 'approve') wish(scene, dataset);
  await run([verb, dataset, version!]);
  return verb;
}

export function wish({ wishes }: Scene, dataset: string): void {
  wishes[dataset] = (wishes[dataset] ?? 0) + 1;
}
