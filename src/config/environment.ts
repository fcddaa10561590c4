/** The one reader of the environment: every variable checked at once, grouped by who needs it. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ImportError } from '../errors/index.js';
import { defaultPlaces, projectDirectory } from './places.js';
import { bytes } from './size.js';

export { projectDirectory } from './places.js';
export { environmentVariables } from './variables.js';

const text = z.string().min(1).optional();
const flag = z
  .enum(['true', 'false', '1', '0', ''])
  .default('false')
  .transform((value) => value === 'true' || value === '1');
const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http(s) address' });
const port = z.coerce.number().int().min(1).max(65_535);

const schema = z.object({
  KAGGLE_API_TOKEN: text,
  KAGGLE_USERNAME: text,
  KAGGLE_KEY: text,
  KAGGLE_CONFIG_DIR: z.string().default(join(homedir(), '.kaggle')),
  KAGGLE_API_BASE: httpUrl.default('https://api.kaggle.com'),
  GITHUB_TOKEN: text,
  GITHUB_API_BASE: httpUrl.default('https://api.github.com'),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'expected postgresql://user:password@host:5432/database',
    })
    .optional(),
  STORAGE_BACKEND: z
    .enum(['minio', 'azure'], { error: 'expected minio or azure' })
    .default('minio'),
  STORAGE_PREFIX: z
    .string()
    .default('')
    .transform((prefix) => prefix.replace(/^\/+|\/+$/g, ''))
    .refine((prefix) => /^([\w.-]+(\/[\w.-]+)*)?$/.test(prefix), {
      error: 'expected letters, digits, `.`, `_`, `-` and `/`, such as team-b',
    })
    .transform((prefix) => (prefix === '' ? '' : `${prefix}/`)),
  MINIO_ENDPOINT: text,
  MINIO_ACCESS_KEY: text,
  MINIO_SECRET_KEY: text,
  MINIO_BUCKET: z.string().default('exai-datasets'),
  MINIO_USE_SSL: flag,
  MINIO_REGION: z.string().default('us-east-1'),
  AZURE_STORAGE_CONNECTION_STRING: text,
  AZURE_STORAGE_ACCOUNT: text,
  AZURE_STORAGE_CONTAINER: z.string().default('exai-datasets'),
  KAGGLE_IMPORT_CONFIG: text,
  CACHE_DIR: z.string(),
  WORK_DIR: z.string(),
  KEEP_DISK_FREE: bytes.prefault('64MB'),
  KEEP_MEMORY_FREE: bytes.prefault('0B'),
  LOG_FILE: z.string(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  SLACK_WEBHOOK_URL: httpUrl.optional(),
  TEAMS_WEBHOOK_URL: httpUrl.optional(),
  WEBHOOK_URL: httpUrl.optional(),
  WEBHOOK_SECRET: text,
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'expected smtps://user:password@host:465' })
    .optional(),
  MAIL_FROM: text,
  MAIL_TO: text,
  METRICS_PORT: port.optional(),
  READY_FILE: text,
  WORKER_DEPLOYMENT: text,
  WORKER_BUILD_ID: text,
  TEMPORAL_ADDRESS: text,
  TEMPORAL_CLI: text,
  MINIO_BINARY: text,
  STACK_DIR: z.string(),
  DOWNLOADS_PER_SECOND: z.coerce.number().positive().default(5),
  HTTP_PROXY: text,
  HTTPS_PROXY: text,
  NO_PROXY: text,
  SSL_CERT_FILE: text,
  XDG_CACHE_HOME: z.string().default(join(homedir(), '.cache')),
});

export type Environment = z.infer<typeof schema> & {
  /** All variables as text, for what reads its own (Temporal's client configuration, child processes). */
  readonly all: Readonly<Record<string, string>>;
};

/**
 * Reads the environment. A variable set to nothing counts as unset.
 * `below` fills what is unset (services of the embedded stack), `above` wins over what is set (the demo).
 * Throws ENVIRONMENT_INVALID naming every bad variable at once; no value is shown.
 */
export function readEnvironment(
  below: Readonly<Record<string, string>> = {},
  above: Readonly<Record<string, string>> = {},
): Environment {
  const own = Object.entries(process.env).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const all = { ...below, ...(Object.fromEntries(own) as Record<string, string>), ...above };
  const proxies = {
    HTTP_PROXY: all['http_proxy'],
    HTTPS_PROXY: all['https_proxy'],
    NO_PROXY: all['no_proxy'],
  };
  const lowerCase = Object.entries(proxies).filter(([, value]) => value !== undefined);
  const result = schema.safeParse({
    ...defaultPlaces(all),
    ...Object.fromEntries(lowerCase),
    ...all,
  });
  if (result.success) return { ...result.data, all };
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ImportError('ENVIRONMENT_INVALID', { found: problems.join('; ') });
}

/** True when Kaggle credentials are set by a variable or lie where the official clients look. */
export function hasKaggleCredentials(environment: Environment): boolean {
  const { KAGGLE_API_TOKEN, KAGGLE_USERNAME, KAGGLE_KEY, KAGGLE_CONFIG_DIR } = environment;
  if (KAGGLE_API_TOKEN !== undefined) return true;
  if (KAGGLE_USERNAME !== undefined && KAGGLE_KEY !== undefined) return true;
  return ['access_token', 'access_token.txt', 'kaggle.json'].some((name) =>
    existsSync(join(KAGGLE_CONFIG_DIR, name)),
  );
}

/** Where Node keeps compiled code; in another folder for each of its versions, as Node sees to. */
export function compiledDirectory(): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'kaggle-import', 'compiled');
}

/** True for a terminal that only prints, such as the shell of an editor. */
export const isDumbTerminal = process.env['TERM'] === 'dumb';

/** The version of the tool, written into every Parquet file. */
export const toolVersion = (
  JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8')) as { version: string }
).version;

/** The configuration file to read: as set, else that of the clone or of the user. */
export function configFile({ KAGGLE_IMPORT_CONFIG, all }: Environment): string {
  return resolve(KAGGLE_IMPORT_CONFIG ?? defaultPlaces(all).config);
}
