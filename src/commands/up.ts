/** `up`: the embedded stack and a worker, in the background. */
import { join } from 'node:path';
import { ensureStack, type RunningStack } from './ensure-stack.js';
import type { CommandContext } from './context.js';

export async function up(context: CommandContext): Promise<void> {
  const stack = await ensureStack({ samples: 'fallback', takesWorker: true }, context);
  const lines = ['The stack is up. `make down` stops it.', ...addresses(stack)];
  if (stack.samples) {
    lines.push(
      'No Kaggle credentials were found: the sample datasets are served in place of Kaggle.',
    );
  }
  context.result(stack.state, lines.join('\n'));
}

/** Where a person can look. Only of services that are embedded: the others are known to the user. */
export function addresses({ state, environment }: RunningStack): string[] {
  const { temporal, minio, postgres } = state.services;
  const secrets = join(state.directory, 'secrets.json');
  return [
    temporal && `Temporal Web UI  http://127.0.0.1:${temporal.uiPort}`,
    temporal && `Temporal         127.0.0.1:${temporal.port}`,
    minio &&
      `Object store     http://127.0.0.1:${minio.port}  (console http://127.0.0.1:${minio.uiPort}, bucket ${environment.MINIO_BUCKET}, keys in ${secrets})`,
    postgres &&
      `Catalog          postgresql://postgres@127.0.0.1:${postgres.port}/postgres  (password in ${secrets})`,
  ].filter((line) => line !== undefined);
}
