"""Every published version against its source, the pointer against the catalog, every object against its owner."""

import csv
import datetime
import decimal
import hashlib
import io
import json
import pathlib

import pyarrow
import pyarrow.parquet

MARKER = "kaggle-import.json"

CURRENT = """
    SELECT d.dataset_name, d.generation, v.*
    FROM datasets d LEFT JOIN dataset_versions v ON v.id = d.current_version_id"""
STORED = """
    SELECT v.*, d.dataset_name FROM dataset_versions v JOIN datasets d ON d.id = v.dataset_id
    WHERE v.state <> 'removed'"""
FILES = """
    SELECT * FROM dataset_files WHERE version_id = %s AND logical_role = %s ORDER BY position"""


def judge(facts, catalog, store, history, checked):
    there = {key: writes for key, writes in history.items() if writes[-1].bytes is not None}
    current = {row["dataset_name"]: row for row in catalog.execute(CURRENT)}
    for dataset, latest in facts["latest"].items():
        found = current.get(dataset)
        if found is None or found["source_version"] != latest:
            yield f"{dataset}: current is {found and found['source_version']}, the source is at {latest}"
    owned = {MARKER}
    truth = pathlib.Path(facts["truth"])
    for version in catalog.execute(STORED).fetchall():
        yield from judge_version(version, truth, catalog, store, there, owned, checked)
    for row in catalog.execute("SELECT * FROM iceberg_tables"):
        # Of the one before, whoever asked just then is about to read it.
        for location in filter(None, (row["metadata_location"], row["previous_metadata_location"])):
            key = location.removeprefix(f"s3://{store.bucket}/")
            owned.add(key)
            if key not in there:
                yield f"{row['table_name']}: its Iceberg metadata is gone: {key}"
    for dataset, version in current.items():
        key = f"datasets/{dataset}/current.json"
        owned.add(key)
        yield from judge_pointer(version, key, catalog, store, history, checked)
    yield from (f"{key}: nobody's" for key in sorted(there.keys() - owned))
    yield from (
        f"{key}: written {len(writes)} times" for key, writes in history.items() if is_rewritten(key, writes)
    )
    checked["objects"] = len(there)
    checked["writes to the store"] = sum(len(writes) for writes in history.values())


def is_rewritten(key, writes):
    """But for the pointer, no key is ever written twice."""
    return not key.endswith("/current.json") and sum(write.bytes is not None for write in writes) > 1


def judge_version(version, truth, catalog, store, there, owned, checked):
    name = f"{version['dataset_name']} v{version['source_version']} ({version['state']})"
    sources = {path.stem: path for path in (truth / version["dataset_name"] / version["source_version"]).glob("*.csv")}
    tables = catalog.execute(FILES, [version["id"], "table"]).fetchall()
    if {table["table_name"] for table in tables} != sources.keys():
        yield f"{name}: tables {[table['table_name'] for table in tables]}, the source has {sorted(sources)}"
        return
    owned |= {f"{version['prefix']}/{name}" for name in ("croissant.json", "datapackage.json")}
    for table in tables:
        parts = []
        iceberg = table["iceberg"]
        for stored in [*iceberg["snapshot"]["objects"], iceberg["metadata"]] if iceberg else []:
            owned.add(stored["key"])
            if stored["key"] not in there or hashlib.sha256(store.read(stored["key"])).hexdigest() != stored["sha256"]:
                yield f"{name}: {stored['key']} is gone, or has other bytes"
        for part in table["parts"]:
            owned.add(part["key"])
            if part["key"] not in there:
                yield f"{name}: {part['key']} is gone"
                break
            content = store.read(part["key"])
            if hashlib.sha256(content).hexdigest() != part["sha256"]:
                yield f"{name}: {part['key']} has other bytes than the catalog says"
            parts.append(pyarrow.parquet.read_table(io.BytesIO(content), partitioning=None))
        else:
            rows = pyarrow.concat_tables(parts)
            yield from judge_cells(f"{name} {table['table_name']}", sources[table["table_name"]], rows, checked)
    checked["versions"] += 1


def judge_cells(name, source, table, checked):
    with source.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, strict=True)
    if table.column_names != header or table.num_rows != len(rows):
        yield f"{name}: {table.num_rows} rows of {table.column_names}, the source has {len(rows)} of {header}"
        return
    for position, column in enumerate(header):
        for number, (row, value) in enumerate(zip(rows, table.column(position).to_pylist(), strict=True), start=1):
            if not same(row[position], value):
                yield f"{name}: row {number} of {column} is {value!r}, the source has {row[position]!r}"
                return
    checked["tables"] += 1
    checked["cells"] += len(header) * len(rows)


def same(text, value):
    match value:
        case None:
            return text == ""
        case bool():
            return text == ("true" if value else "false")
        case int():
            return text == str(value)
        case decimal.Decimal() | float():
            # A double shows as the shortest text that it is read from.
            return decimal.Decimal(text) == decimal.Decimal(str(value))
        case datetime.date():
            return text == value.isoformat()
        case str():
            return text == value
        case _:
            return False


def judge_pointer(version, key, catalog, store, history, checked):
    """What it says now is what the catalog says; what it has ever said never went back."""
    writes = [write for write in history.get(key, []) if write.bytes is not None]
    if not writes or len(writes) < len(history[key]):
        yield f"{key}: {'not there' if not writes else 'was removed'}"
        return
    said = [json.loads(store.read(key, write.id)) for write in writes]
    generations = [pointer["generation"] for pointer in said]
    if any(later <= earlier for earlier, later in zip(generations, generations[1:])):
        yield f"{key}: its generations were {generations}"
    tables = [
        {
            "name": table["table_name"],
            "keys": [part["key"] for part in table["parts"]],
            "rows": table["row_count"],
            "bytes": sum(part["bytes"] for part in table["parts"]),
            "sha256": [part["sha256"] for part in table["parts"]],
        }
        for table in catalog.execute(FILES, [version["id"], "table"])
    ]
    wanted = {
        "dataset": version["dataset_name"],
        "version": version["source_version"],
        "prefix": version["prefix"],
        "generation": version["generation"],
        "tables": sorted(tables, key=lambda table: table["name"]),
    }
    last = {**said[-1], "tables": sorted(said[-1]["tables"], key=lambda table: table["name"])}
    wrong = [field for field in wanted if last.get(field) != wanted[field]]
    if wrong:
        yield f"{key}: {', '.join(f'{field} is {last.get(field)}, the catalog has {wanted[field]}' for field in wrong)}"
    checked["pointers, with all that they ever said"] += 1
