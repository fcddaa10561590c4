/** What the other steps know of the object store. */

/** An object that was written and verified after the write. */
export interface StoredObject {
  /** Full key within the bucket or container. */
  readonly key: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** False when the same object was already there and nothing was sent. */
  readonly transferred: boolean;
}
