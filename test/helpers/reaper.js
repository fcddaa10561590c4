// Outlives a test run that is killed: once the pipe of its stdin ends, it ends all that the run has started.
import { sweep } from './sweep.js';

process.stdin.resume().on('end', () => void sweep(process.argv[2]));
