"""What PyIceberg finds in the catalog of a campaign, as JSON; runs in the environment of the Iceberg readers.

Usage: read_tables.py FACTS.json    prints {table: {"current": files, "tags": {name: files}}}, files as {location: rows}
"""

import json
import pathlib
import sys

from pyiceberg.catalog.sql import SqlCatalog

facts = json.loads(pathlib.Path(sys.argv[1]).read_text("utf-8"))
store = facts["store"]
catalog = SqlCatalog(
    "exai",
    **{
        "uri": "postgresql+psycopg2:" + facts["database"].partition(":")[2],
        "s3.endpoint": store["endpoint"],
        "s3.region": "us-east-1",
        "s3.access-key-id": store["accessKey"],
        "s3.secret-access-key": store["secretKey"],
    },
)


def files(table, snapshot_id):
    planned = table.scan(snapshot_id=snapshot_id).plan_files()
    return {task.file.file_path: task.file.record_count for task in planned}


def told(table):
    refs = table.refs().items()
    return {
        "current": files(table, table.current_snapshot().snapshot_id),
        "tags": {name: files(table, ref.snapshot_id) for name, ref in refs if name != "main"},
    }


tables = [name for space in catalog.list_namespaces() for name in catalog.list_tables(space)]
json.dump({".".join(name): told(catalog.load_table(name)) for name in tables}, sys.stdout)
