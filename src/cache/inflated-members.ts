/** What was unpacked of an archive while it arrived, as it is noted beside it. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bootId } from '../locks/process-identity.js';
import type { InflatedMember } from './types.js';

export const MEMBERS_FILE = 'members.json';

/** It lies under its offset: no name from outside reaches the file system. */
export type NotedMember = Omit<InflatedMember, 'absolutePath'>;

export interface NotedMembers {
  /**
   * Nothing has waited until the disk had the bytes: after a power cut, a file of the right size could hold anything.
   * Whatever this machine wrote before it started again is unpacked anew.
   */
  readonly boot: string;
  readonly members: readonly NotedMember[];
}

/** Nothing, unless the download was finished. */
export async function readInflated(directory: string): Promise<InflatedMember[]> {
  try {
    const text = await readFile(join(directory, MEMBERS_FILE), 'utf8');
    const { boot, members } = JSON.parse(text) as NotedMembers;
    if (boot !== bootId()) return [];
    const found: InflatedMember[] = [];
    for (const member of members) {
      const absolutePath = join(directory, String(member.offset));
      const { size, mtimeMs } = await stat(absolutePath);
      const isUnchanged = size === member.bytes && Math.floor(mtimeMs) === member.mtimeMs;
      if (isUnchanged) found.push({ ...member, absolutePath });
    }
    return found;
  } catch {
    return [];
  }
}
