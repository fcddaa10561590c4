// `npm run record-histories`: runs real imports and saves their histories for test/replay/.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/replay/record/*.record.ts'],
    globalSetup: ['test/replay/record/global-setup.ts'],
    pool: 'forks',
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
