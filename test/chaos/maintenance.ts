/** What people and schedules do beside the imports of a campaign: with the command, as they would. */
import { commandRunner } from '../helpers/command.js';
import type { Dice } from '../helpers/hostile-server.js';
import type { ImportSite } from '../helpers/import-site.js';
import type { Fault } from './faults.js';

/** They may fail, for a server may be away; the judge looks at what they have done. */
export function maintenance(
  site: ImportSite,
  datasets: readonly string[],
  dice: Dice,
): readonly Fault[] {
  const { run } = commandRunner(site.environment('command'));
  const any = (): string => datasets[dice(datasets.length)]!;
  const verb = (name: string, args: () => string[]): Fault => ({
    name,
    inject: async () => void (await run(args())),
  });
  return [
    verb('gc --apply', () => ['gc', '--apply']),
    verb('gc --apply', () => ['gc', '--apply']),
    verb('status', () => ['status']),
    verb('rollback', () => ['rollback', any()]),
    verb('verify', () => ['verify', any()]),
  ];
}
