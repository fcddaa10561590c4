"""Runs where mlcroissant and frictionless are: loads every table of a copy of the store by the files that describe it.

Arguments: a request (JSON: `store`, and `tables` of the catalog), and where to write what was found.
"""

import collections
import hashlib
import json
import logging
import math
import pathlib
import posixpath
import sys
import urllib.parse

import frictionless
import mlcroissant
import numpy
import pandas
import pyarrow.parquet

#: What mlcroissant recommends and a source may not have: a licence, numbered versions.
RECOMMENDED = ("is recommended, but does not exist", "follow MAJOR.MINOR.PATCH")

#: A table without a missing cell, which frictionless reads by itself.
WHOLE = "iris"
#: A row may lack all of its cells.
BLANK = frictionless.Checklist(skip_errors=["blank-row"])


def main(request_file, told_file):
    request = json.loads(pathlib.Path(request_file).read_text("utf-8"))
    store = pathlib.Path(request["store"])
    datasets = collections.defaultdict(list)
    for table in request["tables"]:
        datasets[table["prefix"]].append(table)
    told = {"datasets": len(datasets), "records": 0, "splits": {}, "kept": 0}
    kept = collections.defaultdict(dict)
    for file in request["kept"]:
        kept[file["prefix"]][file["path"]] = file
    for prefix, tables in datasets.items():
        kept_of_croissant(store, prefix, kept[prefix])
        told["records"] += by_croissant(store, prefix, tables, told["splits"])
        # What was carried over lies beside the folder of the version, which a reader has to trust.
        with frictionless.system.use_context(trusted=True):
            told["kept"] += by_data_package(store, prefix, tables)
    pathlib.Path(told_file).write_text(json.dumps(told), "utf-8")


def by_croissant(store, prefix, tables, splits):
    said = Said()
    dataset = mlcroissant.Dataset(jsonld=str(store / prefix / "croissant.json"))
    issues = dataset.metadata.ctx.issues
    warnings = [text for text in issues.warnings if not any(known in text for known in RECOMMENDED)]
    assert not issues.errors and not warnings and not said.lines, f"{prefix}: {issues.errors} {warnings} {said.lines}"
    assert str(dataset.metadata.ctx.conforms_to.value).endswith("/1.1"), dataset.metadata.ctx.conforms_to
    sets = {one.id: one for one in dataset.metadata.record_sets}
    wanted = {name for table in tables for name, _ in record_sets(prefix, table)}
    assert wanted == sets.keys() - {"splits.records"}, f"{prefix}: {sets.keys()}"
    total = 0
    for name, parts in (one for table in tables for one in record_sets(prefix, table)):
        records = list(dataset.records(name))
        rows = sum(part["rows"] for part in parts)
        assert len(records) == rows, f"{prefix} {name}: {len(records)} of {rows} records"
        total += rows
        stored = pyarrow.concat_tables([pyarrow.parquet.read_table(store / part["key"]) for part in parts])
        compare(f"{prefix} {name}", sets[name], records, stored, splits)
    return total


def kept_of_croissant(store, prefix, catalog):
    """What is no table: Croissant and the catalog name the same objects, with the size and checksum that those have."""
    dataset = mlcroissant.Dataset(jsonld=str(store / prefix / "croissant.json"))
    listed = {node.name: node for node in dataset.metadata.distribution if node.id.startswith("file-")}
    assert listed.keys() == catalog.keys(), f"{prefix}: Croissant has {listed.keys()}, the catalog {catalog.keys()}"
    for path, row in catalog.items():
        node = listed[path]
        key = posixpath.normpath(posixpath.join(prefix, urllib.parse.unquote(node.content_url)))
        assert key == row["key"], f"{prefix} {path}: Croissant names {key}, the catalog {row['key']}"
        content = (store / key).read_bytes()
        found = hashlib.sha256(content).hexdigest(), len(content)
        assert found == (row["sha256"], row["size_bytes"]), f"{prefix} {path}: {found}, the catalog has {row}"
        assert found == (node.sha256, int(node.content_size.removesuffix(" B"))), f"{prefix} {path}: {found}, Croissant has {node}"
        assert [row["mime_type"]] == node.encoding_formats, f"{prefix} {path}: {node.encoding_formats}"


def record_sets(prefix, table):
    """Pairs of name and parts: one for a table, but for one of several objects that lie under another prefix."""
    name, parts = table["table_name"], table["parts"]
    if len(parts) == 1 or all(part["key"].startswith(prefix + "/") for part in parts):
        return [(f"{name}.records", parts)]
    return [(f"{name}/part-{number:04}.records", [part]) for number, part in enumerate(parts, start=1)]


def compare(place, record_set, records, stored, splits):
    """Every cell that mlcroissant gives, with the one that pyarrow reads."""
    if place.split("/")[1] == "iris":
        told = {field.name: field.description for field in record_set.fields}
        assert told["sepal_length"] == "Length of the sepal in centimetres", told
    expressed = set()
    for field in record_set.fields:
        found = [record[field.id] for record in records]
        column = field.source.extract.column
        if column is None:
            dataset, table = place.split("/")[1], record_set.id.removesuffix(".records")
            splits[f"{dataset}.{table}"] = sorted({value.decode() for value in found})
            continue
        expressed.add(column)
        expected = stored.column(column).to_pylist()
        for number, (one, other) in enumerate(zip(found, expected, strict=True), start=1):
            assert same(one, other), f"{place}, record {number}, {column}: {one!r} instead of {other!r}"
    left = [name for name in stored.column_names if name not in expressed]
    assert left in ([], ["struct", "map"]), f"{place}: no field for {left}"


def same(found, expected):
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if found is None or expected is None:
        # For pandas, what is no number is missing.
        return found is None and (expected is None or isinstance(expected, float) and math.isnan(expected))
    if isinstance(found, bytes) and isinstance(expected, str):
        return found.decode() == expected
    if isinstance(found, pandas.Timestamp):
        return found == pandas.Timestamp(expected)
    if isinstance(found, (float, numpy.floating)):
        return float(found) == float(expected)
    return found == expected


def by_data_package(store, prefix, tables):
    file = store / prefix / "datapackage.json"
    report = frictionless.Package.validate_descriptor(str(file))
    assert report.valid, f"{prefix}: {report.errors}"
    parts = {part["key"]: part for table in tables for part in table["parts"]}
    kept = 0
    for resource in json.loads(file.read_text("utf-8"))["resources"]:
        place = f"{prefix} {resource['name']}"
        if "schema" not in resource:
            kept += 1
            require_file(file.parent, resource, place)
            continue
        part = parts.pop(posixpath.normpath(f"{prefix}/{resource['path']}"))
        plain = {name: resource[name] for name in ("name", "path", "hash")}
        whole = frictionless.Resource({**plain, "type": "file"}, basepath=str(file.parent)).validate()
        sha256 = whole.tasks[0].stats["sha256"]
        assert whole.valid and sha256 == part["sha256"], f"{place}: {sha256}"
        # By pyarrow: its own reader goes through pandas, and has NaN and NaT for what is missing.
        rows = pyarrow.parquet.read_table(store / part["key"]).to_pylist()
        assert len(rows) == part["rows"] == resource["rows"], f"{place}: {len(rows)} rows"
        inline = frictionless.Resource({"name": "rows", "data": rows, "schema": resource["schema"]}).validate(BLANK)
        assert inline.valid, f"{place}: {inline.flatten(['rowNumber', 'fieldName', 'type', 'message'])[:5]}"
    assert not parts, f"{prefix}: no resource for {parts.keys()}"
    if any(table["dataset_name"] == WHOLE for table in tables):
        own = frictionless.validate(str(file), type="package")
        assert own.valid and own.stats["tasks"] == len(tables), f"{prefix}: {own.flatten(['type', 'message'])[:5]}"
    return kept


def require_file(folder, resource, place):
    """A file that is no table: by its size and checksum, as frictionless and hashlib find them."""
    whole = frictionless.Resource({**resource, "type": "file"}, basepath=str(folder)).validate()
    assert whole.valid, f"{place}: {whole.flatten(['type', 'message'])[:5]}"
    content = (folder / resource["path"]).read_bytes()
    found = "sha256:" + hashlib.sha256(content).hexdigest(), len(content)
    assert found == (resource["hash"], resource["bytes"]), f"{place}: {found}"


class Said(logging.Handler):
    """What the libraries log instead of saying it otherwise."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []
        logging.getLogger("absl").addHandler(self)
        logging.getLogger().addHandler(self)

    def emit(self, record):
        # The issues, which are looked at by themselves.
        if not record.getMessage().startswith("Found the following"):
            self.lines.append(record.getMessage())


main(*sys.argv[1:])
