// `make chaos`: imports under faults on servers of their own, judged by a script in Python.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/chaos/*.chaos.ts'],
    globalSetup: ['test/chaos/global-setup.ts'],
    pool: 'forks',
    // Hundreds of imports, each of which may wait for minutes.
    testTimeout: 4 * 3_600_000,
  },
});
