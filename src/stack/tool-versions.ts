/** The pinned versions of the programs that the stack installs, and where they come from. */

export type ToolName = 'temporal' | 'minio';

export interface Tool {
  readonly title: string;
  readonly website: string;
  /** Variable with an explicit path. */
  readonly variable: string;
  /** Variable that makes the embedded service unnecessary. */
  readonly serviceVariable: string;
  /** Folders of the cache to look into, the preferred first. */
  readonly cachedVersions: readonly string[];
  readonly download: {
    readonly version: string;
    readonly url: string;
    /** A .tar.gz that holds the program, or the program itself. */
    readonly packed: boolean;
    /** Where the vendor publishes the SHA-256, if anywhere. */
    readonly sha256Url?: string;
  };
  readonly goInstall: { readonly version: string; readonly package: string };
  /** Oldest Go that builds it; newer ones are fetched by the toolchain itself. */
  readonly goVersion: string;
}

const os = process.platform;
const arch = process.arch === 'x64' ? 'amd64' : process.arch;

/** The last release that MinIO published as binaries; later ones exist as source only. */
const MINIO_RELEASE = 'RELEASE.2025-09-07T16-13-09Z';
const MINIO_URL = `https://dl.min.io/server/minio/release/${os}-${arch}/archive/minio.${MINIO_RELEASE}`;

export const TOOLS: Readonly<Record<ToolName, Tool>> = {
  temporal: {
    title: 'the Temporal CLI',
    website: 'https://docs.temporal.io/cli',
    variable: 'TEMPORAL_CLI',
    serviceVariable: 'TEMPORAL_ADDRESS',
    cachedVersions: ['1.5.1'],
    download: {
      version: '1.5.1',
      url: `https://temporal.download/cli/archive/v1.5.1?platform=${os}&arch=${arch}`,
      packed: true,
    },
    // Later versions have a replace directive in go.mod, which `go install` refuses.
    goInstall: { version: '1.5.1', package: 'github.com/temporalio/cli/cmd/temporal@v1.5.1' },
    goVersion: '1.21',
  },
  minio: {
    title: 'the MinIO server',
    website: 'https://github.com/minio/minio',
    variable: 'MINIO_BINARY',
    serviceVariable: 'MINIO_ENDPOINT',
    cachedVersions: ['20260212201848', MINIO_RELEASE],
    download: {
      version: MINIO_RELEASE,
      url: MINIO_URL,
      packed: false,
      sha256Url: `${MINIO_URL}.sha256sum`,
    },
    goInstall: {
      version: '20260212201848',
      package: 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c',
    },
    goVersion: '1.21',
  },
};
