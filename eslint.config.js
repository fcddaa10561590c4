// Lint rules, and the import bans that keep each step in its room.
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const STEPS = ['source', 'cache', 'convert', 'store', 'catalog', 'notify'];
const temporal = { group: ['@temporalio/*'], message: 'The six steps know nothing of Temporal.' };
const outer = {
  group: [
    '**/workflows/*',
    '**/activities/*',
    '**/commands/*',
    '**/stack/*',
    '**/temporal/*',
    '**/resources.js',
  ],
  message: 'Imports point one way: workflows -> activities -> steps -> leaf modules.',
};

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', 'cache/', '.stack/', '.venv/', 'samples/'] },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', 'scripts/*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config/environment.ts reads it.' },
      ],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/config/environment.ts', 'test/**', 'bench/**', 'scripts/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: STEPS.map((step) => `src/${step}/**/*.ts`),
    rules: { 'no-restricted-imports': ['error', { patterns: [temporal, outer] }] },
  },
  {
    // The configuration knows the sources, by their keys: what they knew of it would be a circle.
    files: ['src/source/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/config/*', '!**/config/list.js'],
              message: 'A source is given its own keys and the file patterns.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/workflows/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['node:*', 'zod'], message: 'Workflows are deterministic and do no I/O.' },
            {
              group: ['../*/*', '!../errors/waits.js', '!../errors/workflow.js'],
              allowTypeImports: true,
              message: 'Workflows import types only.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // A stand-in for an asynchronous function is one, whether it waits or not.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // AssemblyScript: what is `number` to TypeScript is one of several types there.
    files: ['assembly/**'],
    rules: { '@typescript-eslint/no-unnecessary-type-assertion': 'off' },
  },
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        AbortController: 'readonly',
      },
    },
  },
);
