/** Damages files as disks, networks and enemies do: each change is drawn from a seed. */

import { Buffer } from 'node:buffer';

/** A generator of numbers from 0 to 1 (mulberry32, public domain). */
export function chanceOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Numbers that lengths, counts and places are given to do harm. */
const NUMBERS = [...[0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]];

const CHANGES = {
  cut: (bytes, at) => bytes.subarray(0, at),
  bits: (bytes, at, chance) => {
    for (let left = 1 + Math.floor(chance() * 8); left > 0; left -= 1)
      bytes[Math.floor(chance() * bytes.length)] ^= 1 << Math.floor(chance() * 8);
    return bytes;
  },
  number: (bytes, at, chance) => {
    const value = NUMBERS[Math.floor(chance() * NUMBERS.length)];
    if (at + 4 > bytes.length) return bytes;
    if (chance() < 0.5) bytes.writeUInt32LE(value, at);
    else bytes.writeUInt32BE(value, at);
    return bytes;
  },
  repeat: (bytes, at, chance) => {
    const length = Math.floor(chance() * 400);
    const piece = bytes.subarray(at, at + length);
    return Buffer.concat([bytes.subarray(0, at), piece, piece, bytes.subarray(at)]);
  },
  drop: (bytes, at, chance) =>
    Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + Math.floor(chance() * 400))]),
  zeros: (bytes, at, chance) =>
    bytes.fill(0, at, Math.min(bytes.length, at + Math.floor(chance() * 600))),
};

/** A damaged copy. Most changes go to the start of the file, where its header is. */
export function damaged(content, chance) {
  const names = Object.keys(CHANGES);
  let bytes = Buffer.from(content);
  const done = [];
  for (let left = 1 + Math.floor(chance() * 3); left > 0 && bytes.length > 0; left -= 1) {
    const name = names[Math.floor(chance() * names.length)];
    const within = chance() < 0.5 ? Math.min(bytes.length, 600) : bytes.length;
    const at = Math.floor(chance() * within);
    bytes = Buffer.from(CHANGES[name](bytes, at, chance));
    done.push(`${name}@${at}`);
  }
  return { bytes, done };
}
