
# Behind the Python of docs/reading.md, with the names that it has made.
import json, sys

assert len(frame) == 42 and before.select(pl.len()).collect().item() == 150, "iris is read wrongly"
assert len(relation) == 150 and lazy.collect().height == 150, "iris is read wrongly"

docs = {field.name: field.doc for field in table.schema().fields}
assert docs["sepal_length"] == "Length of the sepal in centimetres", docs
assert table.properties["kaggle-import.licence-spdx"] == "CC0-1.0", table.properties

growing = catalog.load_table("growing.growing")
# The second one is current; tags are by the names of versions, and those of folders are digests.
current = growing.refs()["main"].snapshot_id
tagged = {ref.snapshot_id for name, ref in growing.refs().items() if name != "main"}
(first,) = tagged - {current}
assert tagged == {first, current}, f"tags {growing.refs()}"
assert list(growing.history())[-1].snapshot_id == current, "the history ends elsewhere"
ids = lambda number: {field.name: field.field_id for field in growing.schemas()[number].fields}
assert ids(0)["id"] == ids(1)["id"] and ids(0)["x"] != ids(1)["x"], "ids do not follow the columns"
assert len(list(growing.scan(row_filter="id > 4").plan_files())) == 0, "bounds do not prune"
assert len(list(growing.scan(row_filter="id > 3").plan_files())) == 1, "bounds prune what is there"


def told(columns):
    return {name: [str(v) if hasattr(v, "isoformat") else v for v in values] for name, values in columns.items()}


def by_duckdb(snapshot):
    place = f"iceberg_scan('{growing.metadata_location}', snapshot_from_id={snapshot})"
    relation = duckdb.sql(f"FROM {place}")
    rows = relation.fetchall()
    return {name: [row[at] for row in rows] for at, name in enumerate(relation.columns)}


def by_polars(lazy):
    return lazy.collect().to_dict(as_series=False)


readers = {
    "pyiceberg": lambda snapshot: growing.scan(snapshot_id=snapshot).to_arrow().to_pydict(),
    "polars": lambda snapshot: by_polars(pl.scan_iceberg(growing, snapshot_id=snapshot, storage_options=place)),
    "duckdb": by_duckdb,
}
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump({name: [told(read(first)), told(read(current))] for name, read in readers.items()}, file)
