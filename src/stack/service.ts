/** What the stack must know of a server to start, check and stop it. */
import type { Launch } from './launch.js';
import type { ServiceName, StackOptions } from './types.js';

export interface Ports {
  readonly port: number;
  readonly uiPort?: number;
}

/** A service that is installed and may be started; made by `prepare`. */
export interface PreparedService {
  /** Clears what a killed server left; called when none of ours runs. */
  readonly clearLeftovers?: () => Promise<void>;
  launch(ports: Ports): Pick<Launch, 'command' | 'args' | 'env' | 'user'>;
}

export interface ServiceDefinition {
  readonly name: ServiceName;
  /** Usual ports; taken ones are replaced by free ones. */
  readonly usualPorts: Ports;
  /** The signal that asks for an orderly end, and how long that may take. */
  readonly stopSignal: NodeJS.Signals;
  readonly stopGraceMs: number;
  /** Finds or installs the program and prepares its data folder. Idempotent. */
  prepare(options: StackOptions): Promise<PreparedService>;
  /** Whether it can do its work from now on. */
  isHealthy(ports: Ports, options: Pick<StackOptions, 'directory'>): Promise<boolean>;
  /** Whether one that has been healthy before still answers; where `isHealthy` takes long to ask. */
  stillAnswers?(ports: Ports): Promise<boolean>;
}
