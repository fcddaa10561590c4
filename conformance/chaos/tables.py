"""The Iceberg catalog, as an engine reads it, against the versions that are published."""

import json
import os
import pathlib
import subprocess
import sys

READER = pathlib.Path(__file__).parent / "read_tables.py"

#: What readers may be shown: of a dataset, by tag, a version of that name that is stored and not held.
SHOWN = """
    SELECT d.dataset_name || '.' || f.table_name AS name, 'v' || v.source_version AS tag, f.parts,
           d.current_version_id = v.id AS current
    FROM dataset_versions v JOIN datasets d ON d.id = v.dataset_id JOIN dataset_files f ON f.version_id = v.id
    WHERE f.logical_role = 'table' AND v.state NOT IN ('removed', 'held')"""


def judge(facts_file, catalog, store, checked):
    python = pathlib.Path(os.environ["ICEBERG"]) / "bin/python"
    read = subprocess.run([python, READER, facts_file], check=True, text=True, stdout=subprocess.PIPE)
    found = json.loads(read.stdout)
    current, tagged = {}, {}
    for row in catalog.execute(SHOWN):
        files = {f"s3://{store.bucket}/{part['key']}": part["rows"] for part in row["parts"]}
        tagged.setdefault((row["name"], row["tag"]), []).append(files)
        if row["current"]:
            current[row["name"]] = files
    if found.keys() != current.keys():
        yield f"engines see the tables {sorted(found)}, published are {sorted(current)}"
    for name in found.keys() & current.keys():
        if found[name]["current"] != current[name]:
            yield f"{name}: engines read {found[name]['current']}, the catalog has {current[name]}"
        for tag, files in found[name]["tags"].items():
            if files not in tagged.get((name, tag), []):
                yield f"{name}: engines read {files} as {tag}, the catalog has {tagged.get((name, tag))}"
        checked["Iceberg tables"] += 1
        checked["Iceberg tags"] += len(found[name]["tags"])
