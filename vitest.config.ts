// One runner for every kind of test; real servers are started once, by test/helpers/global-setup.ts.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    // Threads crash with native modules (Temporal's core, DuckDB).
    pool: 'forks',
    maxWorkers: 2,
    // Real servers on a machine with much other work, be it ten times what it has cores for: only what hangs takes so long.
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    expect: { poll: { timeout: 600_000 } },
  },
});
