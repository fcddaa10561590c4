/** The scripts that set up a Temporal server for Compose, on a real server. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { expect, inject, test } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/contract.js';
import { findTool } from '../../src/stack/index.js';
import { composeFile, root } from '../helpers/deployment.js';

const script = join(root, 'temporal', 'setup', 'namespace.sh');

test('namespace.sh makes a namespace with the search attributes of the contract, and may run again', async () => {
  const temporal = await findTool('temporal', {
    cacheDirectory: process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  const address = inject('stack').TEMPORAL_ADDRESS;
  const namespace = `setup-${randomBytes(4).toString('hex')}`;
  const run = (): Buffer =>
    execFileSync('/bin/sh', [script], {
      env: {
        PATH: `${dirname(temporal)}:/usr/bin:/bin`,
        HOME: homedir(),
        TEMPORAL_ADDRESS: address,
        TEMPORAL_NAMESPACE: namespace,
      },
      stdio: 'pipe',
    });
  run();
  run();
  const connection = await Connection.connect({ address });
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace,
    });
    const KEYWORD = 2;
    expect(customAttributes).toEqual(
      Object.fromEntries(Object.values(SEARCH_ATTRIBUTES).map((name) => [name, KEYWORD])),
    );
  } finally {
    await connection.close();
  }
});

test('Compose runs the scripts, with the variables that they need', () => {
  const { services } = composeFile();
  for (const [service, file] of [
    ['temporal-schema', 'schema.sh'],
    ['temporal-settings', 'namespace.sh'],
  ] as const) {
    const { environment, ...rest } = services[service]!;
    expect(rest).toMatchObject({
      entrypoint: ['/bin/sh', `/setup/${file}`],
      volumes: ['./temporal/setup:/setup:ro'],
    });
    const text = readFileSync(join(root, 'temporal', 'setup', file), 'utf8');
    const named = [...text.slice(0, text.indexOf('set -eu')).matchAll(/\b[A-Z]+_[A-Z_]+\b/g)];
    expect(named.map(([name]) => name).sort()).toEqual(Object.keys(environment!).sort());
  }
});
