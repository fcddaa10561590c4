// `npm run bench-batch`: nights without changes on real servers; DATASETS=100,1000 for fewer.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['bench/batch/*.run.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    pool: 'forks',
    testTimeout: 7_200_000,
    hookTimeout: 7_200_000,
    disableConsoleIntercept: true,
  },
});
