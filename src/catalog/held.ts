/** What becomes of a version that is made: current, or held until a person decides. */
import type { PoolClient } from 'pg';
import { storableJson } from './json.js';
import * as statements from './statements/drift.js';
import type { Verdict } from './types.js';

/** With the fence and the version locked. Gives whether it is to be made current. */
export async function hasPassed(
  client: PoolClient,
  datasetId: string,
  versionId: string,
  { drift, held }: Verdict,
): Promise<boolean> {
  await client.query(statements.OVERTAKE_HELD, [datasetId, versionId]);
  await client.query(statements.NOTE_DRIFT, [versionId, storableJson(drift)]);
  if (held) await client.query(statements.SET_STATE_HELD, [versionId]);
  return !held;
}
