"""Opens the Iceberg catalog of the embedded stack and shows a table, or names all of them:
`pip install "pyiceberg[sql-postgres,pyarrow]"`, then `python3 samples/iceberg.py iris.iris`."""

import json, os, pathlib, sys
from pyiceberg.catalog.sql import SqlCatalog

stack = pathlib.Path(os.environ.get("STACK_DIR", pathlib.Path(__file__).parents[1] / ".stack"))
secrets = json.loads((stack / "secrets.json").read_text())
ports = {name: one["port"] for name, one in json.loads((stack / "stack.json").read_text())["services"].items()}
catalog = SqlCatalog("exai", **{
    "uri": f"postgresql+psycopg2://postgres:{secrets['postgresPassword']}@127.0.0.1:{ports['postgres']}/postgres",
    "s3.endpoint": f"http://127.0.0.1:{ports['minio']}", "s3.region": "us-east-1",
    "s3.access-key-id": secrets["minioAccessKey"], "s3.secret-access-key": secrets["minioSecretKey"]})

for name in sys.argv[1:]:
    print(catalog.load_table(name).scan().to_arrow())
if len(sys.argv) == 1:
    print(*[".".join(name) for space in catalog.list_namespaces() for name in catalog.list_tables(space)], sep="\n")
