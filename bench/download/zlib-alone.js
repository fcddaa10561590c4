// The yardstick: the one member of an archive on the disk, inflated by zlib in one go of large pieces, and thrown away.
import { stopwatch } from './stopwatch.js';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';

const archive = await readFile(process.argv[2]);
const dataAt = 30 + archive.readUInt16LE(26) + archive.readUInt16LE(28);
const told = stopwatch();
const engine = createInflateRaw({ chunkSize: 1 << 20 });
engine.end(archive.subarray(dataAt));
engine.resume();
await once(engine, 'end');
console.log(told());
