"""What is left behind of tables with persons, whether their import goes well or not: no value of theirs, nowhere but in the Parquet."""

import http.server
import json
import os
import pathlib
import threading

import psycopg
import s3fs

from kit import nasty
from kit.stack import Stack

KIT = pathlib.Path(__file__).parents[1] / "kit"
MARKS = ("zanzibar", "quagga", "6123456", "411111111")
HEADER = "first_name,email,phone,card number,note"
ROWS = [f"Zanzibar{n},quagga{n}@zanzibar.org,06123456{n:02},4111111111111111,{n}" for n in range(40)]
TABLE = "\n".join([HEADER, *ROWS]) + "\n"
BROKEN = TABLE + "Zanzibar,quagga,06123456\n"
#: Name, content, the rest of the entry, the code of the refusal.
DATASETS = (
    ("persons", TABLE, {}, None),
    ("ragged", BROKEN, {"checks": {"max_rejects": 1}}, None),
    ("rejected", BROKEN, {}, "TOO_MANY_REJECTS"),
    ("pinned", TABLE, {"columns": {"phone": "BIGINT"}}, "PINNED_TYPE_MISMATCH"),
    (
        "checked",
        TABLE,
        {"checks": {"severity": "fail", "rules": [{"regex": {"column": "first_name", "pattern": "no"}}, {"unique": "card number"}]}},
        "CHECK_FAILED",
    ),
)


def check_nothing_but_parquet_holds_a_value(context):
    """And manifests of Iceberg say of every table what its rows say."""
    folder = context.folder()
    datasets = {"nasty": {"source": {"path": str(folder / "nasty")}}}
    for name, content, entry, _ in DATASETS:
        (folder / name).mkdir()
        (folder / name / "people.csv").write_text(content, "utf-8")
        datasets[name] = {"source": {"path": str(folder / name)}, **entry}
    nasty.write(folder / "nasty", [])
    config = folder / "datasets.yaml"
    config.write_text(json.dumps({"datasets": datasets}), "utf-8")
    with Receiver() as receiver, Stack(config, {"WEBHOOK_URL": receiver.url, "WEBHOOK_SECRET": "conformance"}) as stack:
        done = stack.attempt("import", "--all")
        said = [("the output of the import", done.stdout + done.stderr)]
        for name, _, _, refusal in DATASETS:
            assert refusal is None or refusal in said[0][1], f"{name}: {said[0][1][-2000:]}"
        # By themselves, failures are told one by one.
        said.append(("the output of the refusal", stack.attempt("import", "pinned").stderr))
        for command in (("status",), ("status", "rejected"), ("show", "persons.people"), ("inspect", "persons"), ("versions", "ragged")):
            said.append((" ".join(command), stack.run(*command)))
        environment = stack.reader_environment()
        bounds = manifests(context, environment)
        places = [*said, *receiver.told, *files(stack.folder), *rows(environment), *objects(environment)]
    assert receiver.told, "no notification came"
    for place, text in places:
        for mark in MARKS:
            assert mark not in text.lower(), f"{place} holds {mark!r}: {text[max(0, text.lower().index(mark) - 200):][:400]}"
    people = bounds["persons.people"]
    shown = [name for name, one in people.items() if name != "note" and (one["lower"] or one["upper"])]
    assert not shown and people["note"]["lower"], f"bounds of persons: {people}"
    assert bounds["nasty.nasty"]["decimal_money"]["lower"] and bounds["nasty.many"]["m_moment"]["upper"]
    return f"{len(places)} places, {sum(map(len, bounds.values()))} columns of manifests"


def manifests(context, environment):
    python = pathlib.Path(os.environ["ICEBERG"]) / "bin/python"
    told = context.run([str(python), str(KIT / "read_manifests.py")], {**context.plain_environment(), **environment})
    return json.loads(told.splitlines()[-1])


def files(folder):
    """Logs, and the histories that Temporal keeps; the object store's and the catalog's own are asked by their names."""
    for path in sorted(folder.rglob("*")):
        names = path.relative_to(folder).parts
        kept = names[0] in ("cache", "work") or any(name in ("minio", "postgres", "data") for name in names)
        if path.is_file() and not kept:
            yield str(path), path.read_bytes().decode("latin-1")


def rows(environment):
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert len(tables) > 5, tables
        for (table,) in tables:
            for (text,) in connection.execute(f"SELECT t::text FROM {table} t"):
                yield f"the row of {table}", text


def objects(environment):
    store = s3fs.S3FileSystem(
        endpoint_url=f"http://{environment['MINIO_ENDPOINT']}",
        key=environment["MINIO_ACCESS_KEY"],
        secret=environment["MINIO_SECRET_KEY"],
    )
    found = [name for bucket in store.ls("") for name in store.find(bucket)]
    assert any(name.endswith("croissant.json") for name in found), found
    for name in found:
        if not name.endswith(".parquet"):
            yield f"the object {name}", store.cat(name).decode("latin-1")


class Receiver:
    """Takes what notifications are posted to it."""

    def __init__(self):
        self.told = told = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                told.append(("a notification", self.rfile.read(int(self.headers["content-length"])).decode()))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
