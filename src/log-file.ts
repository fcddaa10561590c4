/** The log file: whole lines, appended at once; rotated by size, bounded in number, shared by any number of processes. */
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

export interface LogFileOptions {
  /** A line that would begin behind this begins a new file. */
  readonly maxBytes: number;
  /** Older files beside the newest: `<file>.1` is the youngest of them. */
  readonly keptFiles: number;
}

/** Whoever rotates needs a moment; a lock as old as this was left by a process that died. */
const STALE_LOCK_MS = 10_000;

export interface LogFile {
  /** Never throws: a full disk must not end an import for want of a line about it. */
  write(line: string): void;
}

/**
 * Appends to `file`, which other processes may append to and rotate too: each write goes to whatever has the
 * name now. What is no regular file (`/dev/null`, a pipe) is never rotated.
 * Throws the system's error when the file cannot be opened.
 */
export function openLogFile(file: string, { maxBytes, keptFiles }: LogFileOptions): LogFile {
  const open = (): number => {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, 'a');
  };
  let descriptor = open();

  const reopen = (): void => {
    const before = descriptor;
    descriptor = open();
    closeSync(before);
  };

  const followName = (): void => {
    const named = statSync(file, { throwIfNoEntry: false });
    const { ino, dev } = fstatSync(descriptor);
    if (named?.ino !== ino || named.dev !== dev) reopen();
  };

  const rotate = (): void => {
    const lock = `${file}.rotating`;
    if (!takeLock(lock)) return;
    try {
      // Somebody else may have done it between the look and the lock.
      followName();
      if (fstatSync(descriptor).size < maxBytes) return;
      for (let number = keptFiles; number > 1; number -= 1) {
        renameIfThere(`${file}.${number - 1}`, `${file}.${number}`);
      }
      renameIfThere(file, `${file}.1`);
      reopen();
    } finally {
      rmdirSync(lock);
    }
  };

  return {
    write(line) {
      attempt(() => {
        followName();
        const stats = fstatSync(descriptor);
        if (stats.isFile() && stats.size >= maxBytes) rotate();
      });
      // A line that cannot be written went to stderr all the same.
      attempt(() => void writeSync(descriptor, line));
    },
  };
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // For want of a line no import ends.
  }
}

/** False when another process is at it: this line then still goes to the old file. */
function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const stats = statSync(lock, { throwIfNoEntry: false });
    if (stats && Date.now() - stats.mtimeMs > STALE_LOCK_MS) rmdirSync(lock);
    return false;
  }
}

function renameIfThere(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false })) renameSync(from, to);
}
