"""What engines read of our Iceberg catalog, by the code of docs/reading.md: every version of a table, by its name."""

import csv
import json
import os
import pathlib
import re
import shutil

from kit.context import Skipped
from kit.stack import Stack

#: A column becomes wider, one goes, one comes: what a schema does from version to version.
VERSIONS = ("id,name,x\n1,one,1\n2,two,\n3,three,3\n", "id,x,day\n1,1.5,2026-01-01\n4,4.5,2026-01-04\n")
EXPECTED = (
    {"id": [1, 2, 3], "name": ["one", "two", "three"], "x": [1, None, 3]},
    {"id": [1, 4], "x": [1.5, 4.5], "day": ["2026-01-01", "2026-01-04"]},
)
#: A file a day, then one that is written anew: two appends, and a snapshot. Nothing is sorted by anything.
DAYS = (
    {"day_1.csv": "id,day,fare\n3,2026-01-01,0.5\n1,2026-01-01,70000\n"},
    {"day_2.csv": "fare,id,day\n,4,2026-01-02\n2,3,2026-01-02\n"},
    {"day_10.csv": "id,day,fare\n9,2026-01-10,1e3\n", "day_3.csv": "id,day,fare\n5,2026-01-03,7\n"},
    {"day_1.csv": "id,day,fare\n3,2026-01-01,0.25\n"},
)
CONFIG = """datasets:
  growing: {source: {path: FOLDER/growing}}
  iris: {kaggle_ref: exai-samples/iris}
  daily: {source: {path: FOLDER/daily}, tables: {trips: {files: 'day_*.csv', append: {key: [id], order: day}}}}
"""
#: Put before and behind the Python of docs/reading.md.
KIT = pathlib.Path(__file__).parents[1] / "kit"


def check_pyiceberg_polars_and_duckdb_read_every_version(context):
    """The blocks run as they stand, but for the two extensions, which come from packages here."""
    text = (context.project / "docs/reading.md").read_text("utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 3, f"docs/reading.md has {len(blocks)} blocks of Python"
    code = "\n".join(blocks)
    install = 'duckdb.sql("INSTALL iceberg; LOAD iceberg; INSTALL httpfs; LOAD httpfs")'
    assert install in code, "docs/reading.md installs the extensions in another way"
    folder = context.folder()
    before, behind = ((KIT / name).read_text("utf-8") for name in ("duckdb_extensions.py", "read_iceberg.py"))
    (folder / "read.py").write_text(before + code.replace(install, "load_extensions()") + behind, "utf-8")
    with Published(folder, grows=True) as environment:
        python = pathlib.Path(os.environ["ICEBERG"]) / "bin/python"
        run = {**context.plain_environment(), **environment, "POLARS_ICEBERG_PLANNER": "pyiceberg"}
        context.run([str(python), str(folder / "read.py"), str(folder / "told.json")], run)
        daily = str(folder / "daily.json")
        context.run([str(python), str(KIT / "read_daily.py"), daily, str(folder / "source/daily-versions.json")], run)
        # What `make demo` ends with.
        shown = context.run([str(python), str(context.project / "samples/iceberg.py"), "iris.iris"], run)
        assert "species: string" in shown, shown
    appended = json.loads((folder / "daily.json").read_text("utf-8"))
    assert appended["operations"] == ["append", "append", "append", "overwrite"], appended
    assert [one["added-data-files"] for one in appended["summaries"][:3]] == ["1", "1", "1"], appended
    return compare(json.loads((folder / "told.json").read_text("utf-8"))) + "; four versions of a table that grows"


def check_spark_reads_every_version(context):
    """By the properties and the SQL of docs/reading.md, and what else its engine can ask of a table."""
    if shutil.which("java") is None:
        raise Skipped("Spark needs Java 17, and there is no `java` here")
    text = (context.project / "docs/reading.md").read_text("utf-8")
    block = {kind: re.search(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1] for kind in ("properties", "sql")}
    blocks = re.findall(r"^```sql\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    packages = re.findall(r"`(org\.[\w.]+:[\w.-]+:[\w.]+)`", text)
    assert len(packages) == 3 and len(blocks) == 1, f"{packages}, {len(blocks)} blocks of SQL"
    folder = context.folder()
    with Published(folder) as environment:
        request = {
            "packages": packages,
            "settings": spark_settings(block["properties"], environment),
            "queries": [query.strip() for query in block["sql"].split(";") if query.strip()],
            "table": "exai.growing.growing",
        }
        (folder / "request.json").write_text(json.dumps(request), "utf-8")
        python = pathlib.Path(os.environ["SPARK_4_1"]) / "bin/python"
        script = KIT / "read_iceberg_spark.py"
        run = {**context.plain_environment(), "SPARK_LOCAL_IP": "127.0.0.1", "TZ": "UTC"}
        context.run([str(python), "-P", str(script), str(folder / "request.json"), str(folder / "told.json")], run)
    told = json.loads((folder / "told.json").read_text("utf-8"))
    if "unavailable" in told:
        raise Skipped(f"Maven Central does not give {told['unavailable']}")
    documented = told.pop("documented")
    assert documented[1:3] == [[["setosa", 50], ["versicolor", 50], ["virginica", 50]], [[150]]], documented
    assert "GC is disabled" in told.pop("purge"), "Spark would remove files"
    return compare(told)


class Published:
    """Both versions of a table and the iris of docs/reading.md, on a stack of their own; gives a reader's environment."""

    def __init__(self, folder, grows=False):
        self._grows = grows
        self._source, self._config = folder / "source", folder / "datasets.yaml"
        for name in ("growing", "daily"):
            (self._source / name).mkdir(parents=True)
        self._config.write_text(CONFIG.replace("FOLDER", str(self._source)), "utf-8")
        self._stack = Stack(config=self._config)

    def __enter__(self):
        self._stack.__enter__()
        try:
            for content in VERSIONS:
                (self._source / "growing/growing.csv").write_text(content, "utf-8")
                self._stack.run("import", "growing")
            if self._grows:
                self._grow()
            self._stack.run("import", "iris")
            return self._stack.reader_environment()
        except BaseException:
            self._stack.__exit__()
            raise

    def __exit__(self, *_):
        self._stack.__exit__()

    def _grow(self):
        """Tells beside the source what rows each version has, by Python's reader of CSV."""
        versions = []
        for changed in DAYS:
            for name, content in changed.items():
                (self._source / "daily" / name).write_text(content, "utf-8")
            texts = [path.read_text("utf-8") for path in (self._source / "daily").glob("*.csv")]
            versions.append([row for text in texts for row in csv.DictReader(text.splitlines())])
            self._stack.run("import", "daily")
        (self._source / "daily-versions.json").write_text(json.dumps(versions), "utf-8")


def spark_settings(block, environment):
    """The properties of docs/reading.md, with the addresses and secrets of this stack."""
    user, password, place = re.fullmatch(r"postgresql://(.*?):(.*?)@(.*)", environment["DATABASE_URL"]).groups()
    ours = {
        "uri": f"jdbc:postgresql://{place}",
        "jdbc.user": user,
        "jdbc.password": password,
        "s3.endpoint": f"http://{environment['MINIO_ENDPOINT']}",
        "s3.access-key-id": environment["MINIO_ACCESS_KEY"],
        "s3.secret-access-key": environment["MINIO_SECRET_KEY"],
    }
    settings = dict(line.split(maxsplit=1) for line in block.splitlines())
    for name, value in ours.items():
        key = f"spark.sql.catalog.exai.{name}"
        assert key in settings, f"docs/reading.md does not set {key}"
        settings[key] = value
    return settings


def compare(told):
    """`told` has for each reader the columns of each version, days as text."""
    for reader, versions in told.items():
        for number, (found, expected) in enumerate(zip(versions, EXPECTED, strict=True), start=1):
            assert found == expected, f"{reader} reads of version {number}: {found}"
    return f"{len(told)} readers, {len(EXPECTED)} versions: {', '.join(told)}"
