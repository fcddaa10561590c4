"""The files beside every published version, croissant.json and datapackage.json, read by their official libraries."""

import datetime
import decimal
import hashlib
import json
import os
import pathlib

import psycopg
import pyarrow
import pyarrow.parquet
import s3fs
from psycopg.rows import dict_row

from kit.stack import Stack

KIT = pathlib.Path(__file__).parents[1] / "kit"
SAMPLES = "samples/kaggle_datasets_config.yaml"
TABLES = """
  SELECT d.dataset_name, v.prefix, f.table_name, f.row_count, f.parts
  FROM dataset_files f
  JOIN dataset_versions v ON v.id = f.version_id AND v.state = 'current'
  JOIN datasets d ON d.id = v.dataset_id
  WHERE f.logical_role = 'table'
"""

KEPT = """
  SELECT v.prefix, f.original_filename AS path, f.file_name_in_storage AS key, f.mime_type, f.size_bytes, f.sha256
  FROM dataset_files f
  JOIN dataset_versions v ON v.id = f.version_id AND v.state = 'current'
  WHERE f.logical_role = 'kept'
"""


def check_mlcroissant_and_frictionless_read_every_table(context):
    folder = context.folder()
    write_sources(folder / "source")
    (folder / "datasets.yaml").write_text(configuration(context, folder), "utf-8")
    with Stack(config=folder / "datasets.yaml") as stack:
        stack.run("import", "--all")
        (folder / "source/split/train.csv").write_text("id,label\n1,a\n2,b\n3,\n", "utf-8")
        stack.run("import", "split")
        environment = stack.reader_environment()
        with psycopg.connect(environment["DATABASE_URL"], row_factory=dict_row) as catalog:
            tables = catalog.execute(TABLES).fetchall()
            kept = catalog.execute(KEPT).fetchall()
        download(environment, folder / "store")
    request = {"store": str(folder / "store"), "tables": tables, "kept": kept}
    (folder / "request.json").write_text(json.dumps(request), "utf-8")
    python = pathlib.Path(os.environ["CROISSANT"]) / "bin/python"
    script, told = KIT / "read_descriptions.py", folder / "told.json"
    context.run([str(python), "-P", str(script), str(folder / "request.json"), str(told)], context.plain_environment())
    found = json.loads(told.read_text("utf-8"))
    written = {path.relative_to(folder / "source/kept").as_posix(): path.read_bytes() for path in files_below(folder / "source/kept")}
    named = {one["path"]: one for one in kept if one["prefix"].startswith("datasets/kept/")}
    assert named.keys() == written.keys() - {"labels.csv"}, named.keys()
    for path, one in named.items():
        told = (hashlib.sha256(written[path]).hexdigest(), len(written[path]))
        assert (one["sha256"], one["size_bytes"]) == told, f"{path}: the catalog has {one}, the source {told}"
    assert found["kept"] == len(kept) >= 2, f"{found['kept']} files that are no tables, {len(kept)} in the catalog"
    assert found["splits"] == {"split.test": ["test"], "split.train": ["train"]}, found["splits"]
    return f"{found['datasets']} datasets, {len(tables)} tables, {found['records']:,} records, {len(kept)} files kept"


def files_below(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def write_sources(folder):
    (folder / "split").mkdir(parents=True)
    (folder / "split/train.csv").write_text("id,label\n1,a\n2,\n", "utf-8")
    (folder / "split/test.csv").write_text('id,"a label, of sorts"\n4,\n5,b\n', "utf-8")
    (folder / "parts").mkdir()
    rows = "".join(f"{number},{hashlib.sha256(b'%d' % number).hexdigest()}\n" for number in range(3_000))
    (folder / "parts/digests.csv").write_text("id,digest\n" + rows, "utf-8")
    (folder / "kept/images").mkdir(parents=True)
    (folder / "kept/labels.csv").write_text("file,label\n1.png,cat\n", "utf-8")
    (folder / "kept/images/\u00e9t\u00e9 1.png").write_bytes(b"\x89PNG\r\n" + bytes(range(256)))
    (folder / "kept/empty.bin").write_bytes(b"")
    (folder / "types").mkdir()
    pyarrow.parquet.write_table(every_type(), folder / "types/types.parquet")


def every_type():
    """Each with a missing value; maps and structs, which Croissant has no type for, among them."""
    day = datetime.date(2026, 1, 2)
    moment = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901)
    values = {
        "whole number": pyarrow.array([1, None], pyarrow.int64()),
        "small": pyarrow.array([250, None], pyarrow.uint8()),
        "float": pyarrow.array([1.5, None], pyarrow.float32()),
        "decimal": pyarrow.array([decimal.Decimal("1.25"), None], pyarrow.decimal128(9, 2)),
        "boolean": pyarrow.array([True, None]),
        "text": pyarrow.array(["", None]),
        "day": pyarrow.array([day, None]),
        "moment": pyarrow.array([moment, None], pyarrow.timestamp("us")),
        "instant": pyarrow.array([moment, None], pyarrow.timestamp("us", tz="UTC")),
        "time": pyarrow.array([moment.time(), None], pyarrow.time64("us")),
        "bytes": pyarrow.array([b"\xff\x00", None]),
        "list": pyarrow.array([[1, 2, 3], None], pyarrow.list_(pyarrow.int32())),
        "struct": pyarrow.array([{"a": 1}, None]),
        "map": pyarrow.array([[("a", 1)], None], pyarrow.map_(pyarrow.string(), pyarrow.int32())),
    }
    return pyarrow.table(values)


def configuration(context, folder):
    """Beside the samples: splits by name, a table that a later version carries over, one of several parts, every type."""
    text = (context.project / SAMPLES).read_text("utf-8")
    assert text.count("config:\n") == 1
    ours = "".join(f"  {name}: {{source: {{path: {folder}/source/{name}}}}}\n" for name in ("split", "parts", "types"))
    ours += f"  kept: {{source: {{path: {folder}/source/kept}}, keep_files: all}}\n"
    return text.replace("config:\n", "config:\n  max_part_size: 100KB\n") + ours


def download(environment, folder):
    store = s3fs.S3FileSystem(
        key=environment["MINIO_ACCESS_KEY"],
        secret=environment["MINIO_SECRET_KEY"],
        client_kwargs={"endpoint_url": f"http://{environment['MINIO_ENDPOINT']}"},
    )
    store.get("exai-datasets/datasets", str(folder / "datasets"), recursive=True)
