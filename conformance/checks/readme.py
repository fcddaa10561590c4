"""The Python of README.md as a reader would copy it, run against a table that was published on the embedded stack."""

import csv
import pickle
import re

from checks.parquet import same
from kit.stack import Stack

SOURCE = "samples/exai-samples/iris/iris.csv"
READERS = ("pandas", "polars", "duckdb")

#: Put behind the code of the README: what its variables hold, for us to compare.
TELL = """
import pickle, sys
with open(sys.argv[1], "wb") as told:
    pickle.dump({
        "pandas": (list(frame.columns), frame.values.tolist()),
        "polars": (lazy.collect_schema().names(), lazy.collect().rows()),
        "duckdb": (table.columns, table.fetchall()),
    }, told)
"""


def check_python_reads_the_published_table(context):
    """It prints what its comment says, and every cell that each of the readers gives is that of the source."""
    code = python_block((context.project / "README.md").read_text("utf-8"))
    promised = re.search(r"^print\(.*\)  # (.+)$", code, re.MULTILINE)
    assert promised, "README.md does not say what its Python prints"
    folder = context.folder()
    (folder / "snippet.py").write_text(code + TELL, "utf-8")
    with Stack() as stack:
        environment = {**context.plain_environment(), **stack.reader_environment()}
        stack.run("import", "iris")
        printed = context.run([context.python, str(folder / "snippet.py"), str(folder / "told")], environment)
    assert printed.strip() == promised[1], f"README.md promises {promised[1]!r}, the code prints {printed!r}"

    names, *records = csv.reader((context.project / SOURCE).read_text("utf-8").splitlines())
    told = pickle.loads((folder / "told").read_bytes())
    for reader in READERS:
        columns, rows = told[reader]
        assert columns == names, f"{reader} sees the columns {columns}"
        assert len(rows) == len(records), f"{reader} sees {len(rows)} rows of {len(records)}"
        for number, (record, row) in enumerate(zip(records, rows, strict=True), start=1):
            wrong = [pair for pair in zip(record, row, strict=True) if not same(*pair, {""})]
            assert not wrong, f"{reader}, row {number}: (source, read) {wrong}"
    return f"{len(READERS)} readers, {len(records) * len(names)} cells each"


def python_block(readme):
    blocks = re.findall(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1, f"README.md has {len(blocks)} blocks of Python; say here what each is to show"
    return blocks[0]
