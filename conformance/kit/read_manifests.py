"""Holds what the manifests say of each Parquet file against its rows, by pyiceberg and pyarrow; tells what it found as JSON."""

import json
import os

import pyarrow.parquet
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.conversions import from_bytes

catalog = SqlCatalog(
    "exai",
    **{
        "uri": os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg2:"),
        "s3.endpoint": f"http://{os.environ['MINIO_ENDPOINT']}",
        "s3.region": "us-east-1",
        "s3.access-key-id": os.environ["MINIO_ACCESS_KEY"],
        "s3.secret-access-key": os.environ["MINIO_SECRET_KEY"],
    },
)


def order(value):
    return value.encode() if isinstance(value, str) else value


def is_within(value, lower, upper):
    low = lower is None or order(lower) <= order(value)
    # An upper bound of a text may be a cut one made larger.
    return low and (upper is None or order(value) <= order(upper))


told = {}
for namespace in catalog.list_namespaces():
    for name in catalog.list_tables(namespace):
        table = catalog.load_table(name)
        fields = {field.field_id: field for field in table.schema().fields}
        columns = told.setdefault(".".join(name), {})
        for manifest in table.current_snapshot().manifests(table.io):
            for entry in manifest.fetch_manifest_entry(table.io):
                file = entry.data_file
                with table.io.new_input(file.file_path).open() as opened:
                    rows = pyarrow.parquet.read_table(opened)
                assert file.record_count == rows.num_rows, f"{name}: {file.record_count} rows"
                for field_id, field in fields.items():
                    lower, upper = (
                        None if field_id not in (bounds or {}) else from_bytes(field.field_type, bounds[field_id])
                        for bounds in (file.lower_bounds, file.upper_bounds)
                    )
                    array = rows[field.name]
                    nulls = (file.null_value_counts or {}).get(field_id)
                    assert nulls in (None, array.null_count), f"{name} {field.name}: {nulls} nulls"
                    assert (file.value_counts or {}).get(field_id, rows.num_rows) == rows.num_rows, f"{name} {field.name}"
                    bounded = columns.setdefault(field.name, {"lower": False, "upper": False, "nulls": nulls is not None})
                    bounded["lower"] |= lower is not None
                    bounded["upper"] |= upper is not None
                    if lower is None and upper is None:
                        continue
                    # Days and moments are numbers there.
                    if str(field.field_type) == "date":
                        array = array.cast("int32")
                    elif str(field.field_type).startswith("timestamp"):
                        array = array.cast("int64")
                    for value in array.to_pylist():
                        if value is None or value != value:
                            continue
                        assert is_within(value, lower, upper), f"{name} {field.name}: {value!r} not in {lower!r} to {upper!r}"
print(json.dumps(told))
