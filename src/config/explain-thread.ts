/** The thread of `explained.ts`: one question, one answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { placesOf, readCarefully } from './explain.js';
import type { ToExplain } from './explained.js';

const { path, text, problems } = workerData as ToExplain;
parentPort!.postMessage(problems ? placesOf({ path, text }, problems) : readCarefully(path, text));
