/** The sources as the environment names them; apart from the other resources, for commands that need nothing else. */
import { toolVersion, type Environment } from './config/environment.js';
import type { NetworkOptions } from './network/dispatcher.js';
import { createSources, type SourceOptions, type Sources } from './source/index.js';
import type { KaggleOptions } from './source/options.js';

export function openSources(
  environment: Environment,
  allowPrivateAddresses: boolean,
  { onRequest, pace }: Pick<SourceOptions, 'onRequest'> & Pick<KaggleOptions, 'pace'> = {},
): Sources {
  return createSources({
    kaggle: {
      apiBase: environment.KAGGLE_API_BASE,
      callsPerSecond: environment.DOWNLOADS_PER_SECOND,
      pace,
      apiToken: environment.KAGGLE_API_TOKEN,
      username: environment.KAGGLE_USERNAME,
      key: environment.KAGGLE_KEY,
      configDirectory: environment.KAGGLE_CONFIG_DIR,
    },
    github: { apiBase: environment.GITHUB_API_BASE, token: environment.GITHUB_TOKEN },
    s3: {
      endpoint: environment.MINIO_ENDPOINT,
      accessKey: environment.MINIO_ACCESS_KEY,
      secretKey: environment.MINIO_SECRET_KEY,
      region: environment.MINIO_REGION,
      useSsl: environment.MINIO_USE_SSL,
    },
    azure: { connectionString: environment.AZURE_STORAGE_CONNECTION_STRING },
    allowPrivateAddresses,
    onRequest,
    userAgent: `kaggle-import/${toolVersion}`,
    ...networkOf(environment),
  });
}

/** How this host reaches others. */
export function networkOf(environment: Environment): NetworkOptions {
  const { HTTP_PROXY, HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE } = environment;
  return {
    proxies: { httpProxy: HTTP_PROXY, httpsProxy: HTTPS_PROXY, noProxy: NO_PROXY },
    caFile: SSL_CERT_FILE,
  };
}
