/** Every environment variable the system reads, with what it is for: the source of docs/configuration.md. */

export interface EnvironmentVariable {
  readonly name: string;
  readonly description: string;
  readonly default?: string;
  /** True when its value must never be shown. */
  readonly secret?: boolean;
}

export const environmentVariables: readonly EnvironmentVariable[] = [
  {
    name: 'KAGGLE_API_TOKEN',
    description: 'Kaggle access token, or the path of a file that holds it.',
    secret: true,
  },
  { name: 'KAGGLE_USERNAME', description: 'Kaggle user name, with `KAGGLE_KEY`.' },
  { name: 'KAGGLE_KEY', description: 'Kaggle API key, with `KAGGLE_USERNAME`.', secret: true },
  {
    name: 'KAGGLE_CONFIG_DIR',
    description: 'Folder of `kaggle.json` and `access_token`.',
    default: '~/.kaggle',
  },
  {
    name: 'KAGGLE_API_BASE',
    description: 'Kaggle API; a local server is `http://localhost:7777/api`.',
    default: 'https://api.kaggle.com',
  },
  { name: 'GITHUB_TOKEN', description: 'Token for `github:` sources; optional.', secret: true },
  {
    name: 'GITHUB_API_BASE',
    description: 'GitHub API of `github:` sources.',
    default: 'https://api.github.com',
  },
  {
    name: 'DATABASE_URL',
    description: 'PostgreSQL of the catalog: `postgresql://user:password@host:5432/database`.',
    secret: true,
  },
  {
    name: 'STORAGE_BACKEND',
    description: 'Object store: `minio` (MinIO and any S3-compatible store) or `azure`.',
    default: 'minio',
  },
  {
    name: 'STORAGE_PREFIX',
    description:
      'What every object begins with, such as `team-b`; a bucket that two catalogs share needs one for the second.',
  },
  {
    name: 'MINIO_ENDPOINT',
    description: 'Host and port of the S3-compatible store: `localhost:9000`.',
  },
  { name: 'MINIO_ACCESS_KEY', description: 'Access key of the store.' },
  { name: 'MINIO_SECRET_KEY', description: 'Secret key of the store.', secret: true },
  {
    name: 'MINIO_BUCKET',
    description: 'Bucket for the Parquet files; created when missing.',
    default: 'exai-datasets',
  },
  { name: 'MINIO_USE_SSL', description: '`true` speaks HTTPS to the store.', default: 'false' },
  { name: 'MINIO_REGION', description: 'Region of the store.', default: 'us-east-1' },
  {
    name: 'AZURE_STORAGE_CONNECTION_STRING',
    description: 'Azure Blob Storage by connection string.',
    secret: true,
  },
  {
    name: 'AZURE_STORAGE_ACCOUNT',
    description: 'Azure storage account, with the default credential chain.',
  },
  {
    name: 'AZURE_STORAGE_CONTAINER',
    description: 'Container for the Parquet files.',
    default: 'exai-datasets',
  },
  {
    name: 'KAGGLE_IMPORT_CONFIG',
    description: 'The dataset configuration.',
    default: 'kaggle_datasets_config.yaml',
  },
  { name: 'CACHE_DIR', description: 'Downloads of this host, kept and reused.', default: 'cache' },
  {
    name: 'WORK_DIR',
    description: 'Unpacked and converted files while an import runs.',
    default: 'work',
  },
  {
    name: 'KEEP_DISK_FREE',
    description: 'What downloads and work files leave free on the disks of this host.',
    default: '64MB',
  },
  {
    name: 'KEEP_MEMORY_FREE',
    description: 'What conversions leave of the memory that is available on this host.',
    default: '0B',
  },
  {
    name: 'LOG_FILE',
    description: 'Log file, one JSON object a line, rotated at 10 MB; `/dev/null` for none.',
    default: 'kaggle_import.log',
  },
  {
    name: 'LOG_LEVEL',
    description: '`trace`, `debug`, `info`, `warn`, `error` or `silent`.',
    default: 'info',
  },
  {
    name: 'SLACK_WEBHOOK_URL',
    description:
      'Slack incoming webhook: told of each batch at its end, and of imports that fail outside of one.',
    secret: true,
  },
  {
    name: 'TEAMS_WEBHOOK_URL',
    description: 'Webhook of a Microsoft Teams workflow (Power Automate) for the same.',
    secret: true,
  },
  {
    name: 'WEBHOOK_URL',
    description: 'Any receiver of JSON for the same, signed with `WEBHOOK_SECRET`.',
    secret: true,
  },
  {
    name: 'WEBHOOK_SECRET',
    description: 'Signs what goes to `WEBHOOK_URL`: `whsec_` and base64, or any text.',
    secret: true,
  },
  {
    name: 'SMTP_URL',
    description: 'Mail server for the same: `smtps://user:password@host:465` or `smtp://host:587`.',
    secret: true,
  },
  {
    name: 'MAIL_FROM',
    description: 'Sender of the mails.',
  },
  {
    name: 'MAIL_TO',
    description: 'Receivers of the mails, separated by commas.',
  },
  {
    name: 'METRICS_PORT',
    description: 'Port of the Prometheus endpoint of the worker; empty: none.',
  },
  {
    name: 'READY_FILE',
    description:
      'File that the worker makes once Temporal knows it on all its queues, and removes when it ends; for probes.',
  },
  {
    name: 'WORKER_DEPLOYMENT',
    description:
      'Name of a Temporal worker deployment, such as `kaggle-import`: workflows end on the version that began them. Empty: none.',
  },
  {
    name: 'WORKER_BUILD_ID',
    description: 'Version within the deployment; by default one that only other workflows change.',
  },
  { name: 'TEMPORAL_ADDRESS', description: 'Host and port of the Temporal service.' },
  { name: 'TEMPORAL_NAMESPACE', description: 'Temporal namespace.', default: 'default' },
  { name: 'TEMPORAL_API_KEY', description: 'API key of Temporal Cloud.', secret: true },
  { name: 'TEMPORAL_PROFILE', description: 'Profile within `temporal.toml`.', default: 'default' },
  { name: 'TEMPORAL_CONFIG_FILE', description: 'Path of `temporal.toml`.' },
  { name: 'TEMPORAL_TLS', description: '`true` speaks TLS to Temporal.' },
  { name: 'TEMPORAL_TLS_CLIENT_CERT_PATH', description: 'Client certificate for mutual TLS.' },
  { name: 'TEMPORAL_TLS_CLIENT_KEY_PATH', description: 'Key of the client certificate.' },
  {
    name: 'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
    description: 'Certificate authority of the Temporal server.',
  },
  { name: 'TEMPORAL_TLS_SERVER_NAME', description: 'Server name to expect in its certificate.' },
  { name: 'TEMPORAL_CLI', description: 'Path of the Temporal CLI for the embedded stack.' },
  { name: 'MINIO_BINARY', description: 'Path of the MinIO server for the embedded stack.' },
  { name: 'STACK_DIR', description: 'Data and state of the embedded stack.', default: '.stack' },
  {
    name: 'DOWNLOADS_PER_SECOND',
    description:
      'Questions to sources and downloads that all workers together may start in a second.',
    default: '5',
  },
  { name: 'HTTP_PROXY', description: 'Proxy for `http:` addresses.' },
  { name: 'HTTPS_PROXY', description: 'Proxy for `https:` addresses.' },
  { name: 'NO_PROXY', description: 'Hosts that are reached without a proxy, separated by commas.' },
  {
    name: 'SSL_CERT_FILE',
    description: 'Certificate authorities to trust besides the built-in ones (PEM).',
  },
  {
    name: 'XDG_CACHE_HOME',
    description: 'Where tools of the embedded stack are kept.',
    default: '~/.cache',
  },
];
