/** Formats of data that nothing here reads: what each is, why it is not read, and what to do. */

interface Unsupported {
  readonly what: string;
  readonly because: string;
  /** The way around, in a line. */
  readonly instead: string;
}

const NO_READER = 'no reader of it for Node.js is kept well enough to be proven';

const pandas = (read: string): string =>
  `pandas.${read}.to_parquet("data.parquet") makes a table of it`;

const FEATHER_1: Unsupported = {
  what: 'a Feather file of version 1',
  because: 'its writers have given it up for version 2',
  instead: 'pandas.read_feather("data.feather").to_feather("new.feather") writes that',
};
const PICKLE: Unsupported = {
  what: 'a Python pickle',
  because: 'opening it would run the programs in it',
  instead: `if you trust it, ${pandas('read_pickle("data.pkl")')}`,
};
const HDF5: Unsupported = {
  what: 'an HDF5 file',
  because: 'it holds arrays and models of any shape',
  instead: pandas('read_hdf("data.h5", "key")'),
};
const R: Unsupported = {
  what: 'objects of R',
  because: NO_READER,
  instead: 'arrow::write_parquet(readRDS("data.rds"), "data.parquet") in R makes a table of one',
};
const MATLAB: Unsupported = {
  what: 'a MATLAB file',
  because: 'it holds arrays of any shape',
  instead: 'scipy.io.loadmat("data.mat") reads it: write what is a table of it as CSV',
};
const STATA: Unsupported = {
  what: 'a Stata file of before version 8',
  because: 'its layout is another one',
  instead: pandas('read_stata("data.dta")'),
};
const SPSS: Unsupported = {
  what: 'an SPSS file',
  because: NO_READER,
  instead: pandas('read_spss("data.sav")'),
};
const SAS: Unsupported = {
  what: 'a SAS file',
  because: NO_READER,
  instead: pandas('read_sas("data.sas7bdat", encoding="infer")'),
};
const ORC: Unsupported = {
  what: 'an ORC file',
  because: NO_READER,
  instead: pandas('read_orc("data.orc")'),
};
const NETCDF: Unsupported = {
  what: 'a NetCDF file',
  because: 'it holds arrays of many dimensions',
  instead:
    'xarray.open_dataset("data.nc").to_dataframe().to_parquet("data.parquet") makes a table of it',
};
const WRITE_AHEAD_LOG: Unsupported = {
  what: 'the write-ahead log of an SQLite database',
  because: 'its rows are not in the database yet',
  instead: 'sqlite3 data.db "PRAGMA wal_checkpoint(TRUNCATE)" beside both puts them there',
};
const ENCRYPTED_PARQUET: Unsupported = {
  what: 'an encrypted Parquet file',
  because: 'its key is not here',
  instead: 'write it anew without encryption',
};

// Formats begin with bytes that no text has.
/* eslint-disable no-control-regex */
/** What of text could begin alike is followed by what no text has. */
const BY_START: ReadonlyArray<readonly [RegExp, Unsupported]> = [
  [/^FEA1[^]*\0/, FEATHER_1],
  [/^\x80[\x02-\x05][\x95\]}(cXK]/, PICKLE],
  [/^\x89HDF\r\n\x1a\n/, HDF5],
  [/^(RDX[23]\n)?[XAB]\n[^]{0,3}\0/, R],
  [/^MATLAB (5\.0|7\.3) MAT-file/, MATLAB],
  [/^[\x69-\x70][\x01\x02]\x01\0/, STATA],
  [/^\$FL[23]@\(#\)/, SPSS],
  [/^\0{12}\xc2\xea\x81\x60/, SAS],
  [/^ORC[^]*\0/, ORC],
  [/^CDF[\x01\x02\x05]/, NETCDF],
  [/^PARE[^]*\0/, ENCRYPTED_PARQUET],
  [/^7\x7f\x06[\x82\x83][^]*\0/, WRITE_AHEAD_LOG],
];
/* eslint-enable no-control-regex */

/** Models of gigabytes have such names: they are not unpacked to be looked at. */
const BY_EXTENSION: Readonly<Record<string, Unsupported>> = {
  ...{ pkl: PICKLE, pickle: PICKLE, joblib: PICKLE },
  ...{ h5: HDF5, hdf5: HDF5, hdf: HDF5, nc: NETCDF },
};

const LOOKED_AT = 512;

/** The reason for what begins so, in words. */
export function unsupportedContent(head: Buffer): string | undefined {
  const text = head.toString('latin1', 0, LOOKED_AT);
  const found = BY_START.find(([start]) => start.test(text));
  return found && reasonOf(found[1]);
}

/** The reason for a file of such a name, in words. */
export function unsupportedName(extension: string): string | undefined {
  const found = Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
  return found && reasonOf(found);
}

function reasonOf({ what, because, instead }: Unsupported): string {
  return `not supported: ${what}, because ${because}; ${instead}`;
}
