/** The terms of the Iceberg specification that we use, named as there: https://iceberg.apache.org/spec/ */

/** A primitive by its name (`long`, `decimal(9,2)`), or a nested type. */
export type IcebergType = string | StructType | ListType | MapType;

export interface StructType {
  readonly type: 'struct';
  readonly fields: readonly NestedField[];
}

export interface ListType {
  readonly type: 'list';
  readonly 'element-id': number;
  readonly 'element-required': boolean;
  readonly element: IcebergType;
}

export interface MapType {
  readonly type: 'map';
  readonly 'key-id': number;
  readonly key: IcebergType;
  readonly 'value-id': number;
  readonly 'value-required': boolean;
  readonly value: IcebergType;
}

export interface NestedField {
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  readonly type: IcebergType;
  readonly doc?: string;
}

/** An object that belongs to a snapshot. */
export interface IcebergObject {
  /** Within the bucket or container. */
  readonly key: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** The columns of a table as one snapshot has them. */
export interface SnapshotSchema {
  readonly fields: readonly NestedField[];
  /** The highest that was given. */
  readonly lastColumnId: number;
}

/** A table's rows as one version has them; versions that share the table's Parquet share its snapshot. */
export interface Snapshot extends SnapshotSchema {
  /** Below 2^53, so that JSON holds it. */
  readonly snapshotId: number;
  readonly sequenceNumber: number;
  /** Milliseconds since 1970; later than that of every snapshot before. */
  readonly timestampMs: number;
  /** Equal schemas of a table have the same one. */
  readonly schemaId: number;
  readonly summary: Readonly<Record<string, string>>;
  /** Where the list is, as readers address it. */
  readonly location: string;
  /** The manifest list, and after it the manifests. */
  readonly objects: readonly IcebergObject[];
  /** Of one that has been appended: the snapshot it was appended to. */
  readonly parentId?: number;
  /** Of each file that an older snapshot has added, by where it is. */
  readonly origins?: Readonly<Record<string, Origin>>;
}

/** The snapshot that has added a file. */
export interface Origin {
  readonly snapshotId: number;
  readonly sequenceNumber: number;
}
