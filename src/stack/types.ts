/** What callers of the embedded stack ask for, and what `.stack/stack.json` records. */
import type { ProcessIdentity } from '../locks/process-identity.js';

export const SERVICE_NAMES = ['temporal', 'postgres', 'minio', 'kaggle'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export interface ServiceState extends ProcessIdentity {
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Web UI of Temporal, console of MinIO. */
  readonly uiPort?: number;
  /** Absolute path of stdout and stderr together. */
  readonly log: string;
  /** Filled in when the state is read: the process lives. */
  readonly alive: boolean;
}

export interface WorkerState extends ProcessIdentity {
  /** Hash of the built code; another one means a restart. */
  readonly code: string;
  /** A hash of each setting that is set, by name. */
  readonly settings: Readonly<Record<string, string>>;
  readonly log: string;
  readonly alive: boolean;
}

export interface StackState {
  /** Absolute path of `.stack`. */
  readonly directory: string;
  readonly services: Readonly<Partial<Record<ServiceName, ServiceState>>>;
  readonly worker?: WorkerState;
}

export type ReportProgress = (line: string) => void;

export interface StackOptions {
  /** Absolute path of `.stack` of this clone. */
  readonly directory: string;
  /** What to embed; a service whose variable is set is left out by the caller. */
  readonly services: readonly ServiceName[];
  /** What the sample Kaggle server serves. */
  readonly samplesDirectory: string;
  /** Explicit paths (TEMPORAL_CLI, MINIO_BINARY): used, or refused, but never passed over. */
  readonly toolPaths?: { readonly temporal?: string; readonly minio?: string };
  /** Per-user cache (`$XDG_CACHE_HOME` or `~/.cache`). */
  readonly cacheDirectory: string;
  readonly onProgress: ReportProgress;
  readonly signal: AbortSignal;
}
