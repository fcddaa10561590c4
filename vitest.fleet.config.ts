// `npm run bench-fleet`: nights by 1, 2, 4 and 6 workers; DATASETS, WORKERS, LINK, BYTES, KILLS (seconds) and SEED change it.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['bench/fleet/*.run.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    pool: 'forks',
    testTimeout: 7_200_000,
    hookTimeout: 7_200_000,
    disableConsoleIntercept: true,
  },
});
