// `npm run bench-tables`: one dataset of many tables on real servers; TABLES=100,1000 for fewer.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['bench/tables/*.run.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    pool: 'forks',
    testTimeout: 7_200_000,
    hookTimeout: 7_200_000,
    disableConsoleIntercept: true,
  },
});
