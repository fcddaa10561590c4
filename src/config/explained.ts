/** What the careful reader of YAML says: of a large file in a thread of its own, for it takes a second of ten thousand entries. */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ConfigFile } from './config-file.js';
import type { CarefullyRead, PlacedProblem } from './explain.js';
import { projectDirectory } from './places.js';

/** Built, also where the sources are run as they are. */
const THREAD = join(projectDirectory, 'dist/config/explain-thread.js');

/** A thread takes as long to start as this many characters take to be read. */
const LARGE = 1 << 17;

export interface ToExplain {
  readonly path: string;
  readonly text: string;
  /** To be placed; without them, the text is read. */
  readonly problems?: readonly PlacedProblem[];
}

export function isLarge(text: string): boolean {
  return text.length > LARGE;
}

/** As `readCarefully`. */
export async function carefullyRead(path: string, text: string): Promise<CarefullyRead> {
  if (isLarge(text)) return (await inThread({ path, text })) as CarefullyRead;
  return (await import('./explain.js')).readCarefully(path, text);
}

/** As `placesOf`. */
export async function placed(
  { path, text }: ConfigFile,
  problems: readonly PlacedProblem[],
): Promise<string[]> {
  if (!isLarge(text)) return (await import('./explain.js')).placesOf({ path, text }, problems);
  const bare = problems.map((problem) => ({ path: problem.path, text: problem.text }));
  return (await inThread({ path, text, problems: bare })) as string[];
}

async function inThread(task: ToExplain): Promise<unknown> {
  const thread = new Worker(THREAD, { workerData: task, execArgv: [] });
  const [answer] = (await once(thread, 'message')) as [unknown];
  return answer;
}
