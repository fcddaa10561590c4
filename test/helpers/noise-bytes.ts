/** Bytes that do not compress, and are the same in every run. */
import { createHash } from 'node:crypto';

/** Other ones for each `name`. */
export function noiseBytes(bytes: number, name: string): Buffer {
  return createHash('shake256', { outputLength: bytes }).update(name).digest();
}
