"""Every version of a table that grows, by PyIceberg: `python read_daily.py OUTPUT.json VERSIONS.json`."""

import json
import os
import sys

from pyiceberg.catalog.sql import SqlCatalog


def main(output, versions_file):
    catalog = SqlCatalog("exai", **{
        "uri": os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg2:"),
        "s3.endpoint": f"http://{os.environ['MINIO_ENDPOINT']}", "s3.region": "us-east-1",
        "s3.access-key-id": os.environ["MINIO_ACCESS_KEY"],
        "s3.secret-access-key": os.environ["MINIO_SECRET_KEY"]})  # fmt: skip
    table = catalog.load_table("daily.trips")
    snapshots = [table.snapshot_by_id(entry.snapshot_id) for entry in table.history()]
    tags = {ref.snapshot_id: name for name, ref in table.refs().items() if name != "main"}
    assert len(tags) == len(snapshots), f"tags {tags}, {len(snapshots)} snapshots"
    versions = json.load(open(versions_file, encoding="utf-8"))
    for snapshot, expected in zip(snapshots, versions, strict=True):
        named = table.snapshot_by_name(tags[snapshot.snapshot_id])
        found = table.scan(snapshot_id=named.snapshot_id).to_arrow().to_pylist()
        assert sorted(map(cells, found)) == sorted(map(cells_of_text, expected)), f"{tags[snapshot.snapshot_id]}: {found}"
        files = {task.file.file_path for task in table.scan(snapshot_id=named.snapshot_id).plan_files()}
        assert len(files) == int(snapshot.summary["total-data-files"]), files
        assert len(found) == int(snapshot.summary["total-records"]), snapshot.summary
    for before, after in zip(snapshots[:2], snapshots[1:3], strict=True):
        assert after.parent_snapshot_id == before.snapshot_id, "an append has another parent"
        added = entries(table, after, {"ADDED"})
        assert all(entry.snapshot_id == after.snapshot_id for entry in added), "files are added by another snapshot"
        assert entries(table, after, {"EXISTING"}) and {e.data_file.file_path for e in entries(table, after, {"EXISTING"})} == {
            e.data_file.file_path for e in entries(table, before, {"ADDED", "EXISTING"})
        }, "an append does not keep the files before it"
    told = [dict(snapshot.summary.additional_properties) for snapshot in snapshots]
    operations = [snapshot.summary.operation.value for snapshot in snapshots]
    json.dump({"operations": operations, "summaries": told}, open(output, "w", encoding="utf-8"))


def entries(table, snapshot, kinds):
    manifests = snapshot.manifests(table.io)
    return [e for manifest in manifests for e in manifest.fetch_manifest_entry(table.io) if e.status.name in kinds]


def cells(row):
    return json.dumps([row["id"], str(row["day"]), row["fare"]])


def cells_of_text(row):
    return json.dumps([int(row["id"]), row["day"], float(row["fare"]) if row["fare"] else None])


if __name__ == "__main__":
    main(*sys.argv[1:])
