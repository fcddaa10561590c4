"""What each engine reads of our Parquet with the settings it comes with, cell by cell against pyarrow."""

import datetime
import decimal
import json

import datafusion
import duckdb
import pandas
import polars

from checks.parquet import all_tables
from kit.cells import compare, equal, is_nan

EPOCH = datetime.datetime(1970, 1, 1)


def check_pandas_reads_the_same_cells(context):
    """Numbers that may be missing are floats for pandas, and NaN is missing."""

    def read(part):
        frame = pandas.read_parquet(part)
        return {name: [None if is_missing(value) else value for value in frame[name]] for name in frame.columns}

    return read_all(context, "pandas", read, lambda left, right: equal(left, None if is_nan(right) else right))


def check_polars_reads_the_same_cells(context):
    return read_all(context, "polars", lambda part: polars.read_parquet(part).to_dict(as_series=False))


def check_duckdb_reads_the_same_cells(context):
    # By Arrow: for instants as Python's values it would need pytz.
    return read_all(context, "DuckDB", lambda part: duckdb.read_parquet(str(part)).to_arrow_table().to_pydict())


def check_datafusion_reads_the_same_cells(context):
    session = datafusion.SessionContext()
    return read_all(context, "DataFusion", lambda part: session.read_parquet(str(part)).to_pydict())


def check_hyparquet_reads_the_same_cells(context):
    """It has doubles for decimals, milliseconds for moments, and text for bytes."""
    files = context.folder() / "files.json"
    files.write_text(json.dumps([str(part) for table in all_tables(context) for part in table.parts]), "utf-8")
    script = context.project / "conformance/read-hyparquet.js"
    lines = context.run(["node", str(script), str(files)], context.plain_environment()).splitlines()
    told = (json.loads(line, object_hook=tagged, parse_int=float) for line in lines)
    read = {one["file"]: one["columns"] for one in told}
    return read_all(context, "hyparquet", lambda part: read[str(part)], lambda left, right: equal(left, lessened(right)))


def read_all(context, reader, read, same=None):
    """`read` gives the values of one file by column."""
    cells = 0
    tables = all_tables(context)
    for table in tables:
        columns = {}
        for part in table.parts:
            for name, values in read(part).items():
                columns.setdefault(name, []).extend(values)
        cells += compare(table, columns, reader, same)
    return f"{len(tables)} tables, {cells:,} cells"


def is_missing(value):
    return value is None or value is pandas.NA or value is pandas.NaT or is_nan(value)


def tagged(found):
    """What JSON has no spelling for, as read-hyparquet.js wrote it."""
    if list(found) == ["$integer"]:
        return int(found["$integer"])
    return float(found["$float"]) if list(found) == ["$float"] else found


def lessened(value):
    """As much of a value as hyparquet has."""
    if isinstance(value, (list, tuple)):
        return [lessened(one) for one in value]
    if isinstance(value, dict):
        return {key: lessened(one) for key, one in value.items()}
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, datetime.datetime):
        return (value.replace(tzinfo=None) - EPOCH) // datetime.timedelta(milliseconds=1)
    if isinstance(value, datetime.date):
        return lessened(datetime.datetime(value.year, value.month, value.day))
    if isinstance(value, datetime.time):
        return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
