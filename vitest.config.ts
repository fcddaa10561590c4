// One runner for every kind of test; real servers are started once, by test/helpers/global-setup.ts.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    // Threads crash with native modules (Temporal's core, DuckDB).
    pool: 'forks',
    maxWorkers: 2,
    // Real servers on a machine that has other work: only what hangs takes so long.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 120_000 } },
  },
});
