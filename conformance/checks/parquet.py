"""Our Parquet against the CSV it was made from, cell by cell, with another reader than ours."""

import collections
import csv
import dataclasses
import datetime
import decimal
import functools
import io
import json
import math
import pathlib
import shutil
import uuid

import pyarrow
import pyarrow.parquet

csv.field_size_limit(2**31 - 1)

#: The tables of packages are in no one dialect: test/convert/calibration.test.ts holds them against csv and pandas.
NOT_HERE = shutil.ignore_patterns("*.md", "manifest.json", "truth.json", "packages", "workbooks", "dbase", "formats")


@dataclasses.dataclass(frozen=True)
class Table:
    name: str
    description: dict
    source: pathlib.Path
    parts: list[pathlib.Path]
    rejects: pathlib.Path | None

    @property
    def columns(self):
        return self.description["columns"]

    @functools.cached_property
    def arrow(self) -> pyarrow.Table:
        # One file after the other: their order is the order of the rows.
        return pyarrow.concat_tables([pyarrow.parquet.ParquetFile(part).read() for part in self.parts])


def check_every_table_is_converted_or_refused_as_expected(context):
    expected = refusals(context)
    failures = []
    for one in converted(context):
        found = one.get("error", "converted").split(":")[0]
        wanted = expected.get((one["ref"], one.get("path")), "converted")
        if found != wanted:
            failures.append(f"{one['ref']} {one.get('path', '')}: expected {wanted}, {one.get('error', found)}")
    assert not failures, "; ".join(failures)
    return f"{len(converted(context))} tables, {len(expected)} of the corpus to be refused"


def check_every_cell_equals_its_source_text(context):
    cells = rejects = 0
    for table in csv_tables(context):
        rows, rejected = source_rows(table)
        result = table.description["result"]
        assert rejected == result["rejects"], f"{table.name}: {rejected} rejects, the ledger says {result['rejects']}"
        assert len(rows) == table.arrow.num_rows == result["rows"], f"{table.name}: {len(rows)} rows at the source"
        assert table.arrow.column_names == [column["name"] for column in table.columns], table.name
        for position, column in enumerate(table.columns):
            values = table.arrow.column(position).to_pylist()
            nulls = {*column["proof"]["nullTokens"], ""}
            for number, (row, value) in enumerate(zip(rows, values, strict=True), start=1):
                text = bare(row[position], column)
                if not same(text, value, nulls, spelling(column)):
                    raise AssertionError(f"{table.name} row {number} {column['name']}: {text!r} became {value!r}")
            cells += len(values)
        rejects += rejected
    return f"{cells:,} cells, {rejects} rejects"


def check_nulls_are_only_what_was_declared(context):
    """A NULL is an empty field or a token of the proof, as often as the proof says; texts are never NULL otherwise."""
    nulls = 0
    for table in csv_tables(context):
        rows, _ = source_rows(table)
        for position, column in enumerate(table.columns):
            values = table.arrow.column(position).to_pylist()
            texts = [bare(row[position], column) for row, value in zip(rows, values, strict=True) if value is None]
            # An empty field is NULL without being a token; csv does not tell it from a quoted empty text.
            tokens = collections.Counter(text for text in texts if text)
            declared = {token: count for token, count in column["proof"]["nullTokens"].items() if token}
            assert tokens == declared, f"{table.name} {column['name']}: NULL is {tokens}, the proof has {declared}"
            nulls += len(texts)
    return f"{nulls:,} nulls"


def check_reject_files_hold_the_rejects(context):
    count = 0
    for table in csv_tables(context):
        expected = table.description["result"]["rejects"]
        found = pyarrow.parquet.read_metadata(table.rejects).num_rows if table.rejects else 0
        assert found == expected, f"{table.name}: {found} rejected records kept, the ledger says {expected}"
        count += found
    return f"{count} records"


def refusals(context):
    """(dataset, file) -> error code, of the corpus. Ragged rows are allowed here, so only the others are refused."""
    manifest = json.loads((context.project / "test/corpus/manifest.json").read_text("utf-8"))
    refused = [one for one in manifest if one.get("refused", "TOO_MANY_REJECTS") != "TOO_MANY_REJECTS"]
    return {(f"corpus/{path.parts[0]}", path.parts[1]): one["refused"] for one in refused for path in [pathlib.Path(one["file"])]}


def converted(context):
    """What convert-samples.js wrote; run once for all checks."""
    if not hasattr(context, "converted"):
        data = context.folder()
        for dataset in context.datasets:
            for name, content in dataset.files.items():
                file = data / dataset.ref / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
        shutil.copytree(context.project / "test/corpus", data / "corpus", ignore=NOT_HERE)
        context.converted = convert(context, data)
    return context.converted


def convert(context, data):
    """What becomes of the datasets in `data`: one line a table."""
    output = context.folder()
    script = context.project / "conformance/convert-samples.js"
    context.run(["node", str(script), str(data), str(output)], context.plain_environment())
    return json.loads((output / "converted.json").read_text("utf-8"))


def csv_tables(context) -> list[Table]:
    tables = [table for table in all_tables(context) if table.description["table"]["format"] == "csv"]
    assert tables, "no CSV table was converted"
    return tables


def all_tables(context) -> list[Table]:
    return tables_of(converted(context))


def tables_of(lines) -> list[Table]:
    tables = []
    for one in lines:
        if "error" in one:
            continue
        work = pathlib.Path(one["workDirectory"])
        description = json.loads((work / one["descriptionFile"]).read_text("utf-8"))
        result = description["result"]
        rejects = result.get("rejectsPart")
        tables.append(
            Table(
                f"{one['ref']} {one['table']}",
                description,
                work / description["table"]["file"],
                [work / part["file"] for part in result["parts"]],
                work / rejects["file"] if rejects else None,
            )
        )
    return tables


def source_rows(table):
    """The records that are rows, as text, and how many are not: those with another number of fields."""
    dialect = table.description["dialect"]
    quote = dialect.get("quote") or None
    escape = dialect.get("escape") or None
    text = read_text(table.source, dialect.get("encoding") or "utf-8")
    # `\r\r\n` is one line end, and the lines above the header are no records.
    lines = io.StringIO(text.replace("\r\r\n", "\r\n"), newline="")
    for _ in range(dialect.get("skippedLines", 0)):
        next(lines)
    reader = csv.reader(
        lines,
        delimiter=dialect["delimiter"],
        quotechar=quote,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        doublequote=escape in (None, quote),
        escapechar=None if escape == quote else escape,
    )
    # One column: an empty line is a record with an empty field.
    one_column = len(table.columns) == 1
    records = [record or [""] for record in reader if record or one_column]
    if dialect.get("header", True):
        records = records[1:]
    width = len(table.columns)
    return [record for record in records if len(record) == width], sum(len(one) != width for one in records)


def read_text(file, encoding):
    with open(file, encoding=encoding, newline="") as opened:
        return opened.read().removeprefix("\ufeff")


def bare(text, column):
    """The proof says where blanks beside the values of a column mean nothing."""
    return text.strip(" \t") if column["proof"]["rule"].endswith(" behind blanks") else text


def spelling(column):
    """How days are spelled, as the proof has it for strptime; None for ISO 8601."""
    rule = column["proof"]["rule"].removesuffix(" behind blanks")
    kind, _, found = rule.partition(" ")
    return found.replace("%-", "%").replace("%g", "%f") if kind in ("date", "instant") and "%" in found else None


def same(text, value, nulls, days=None):
    """Does the value of a cell say what its source text says, no more and no less?"""
    if value is None:
        return text in nulls
    if isinstance(value, bool):
        return text.strip().lower() == str(value).lower()
    if isinstance(value, int):
        return text == str(value)
    if isinstance(value, float):
        return float(text) == value or (math.isnan(value) and text.lower() == "nan")
    if isinstance(value, decimal.Decimal):
        return decimal.Decimal(text) == value
    if isinstance(value, (datetime.date, datetime.time)):
        return spelled(text, days) == value if days else same_moment(text, value)
    if isinstance(value, uuid.UUID):
        return text == str(value)
    return isinstance(value, str) and text == value


def spelled(text, days):
    moment = datetime.datetime.strptime(text, days)
    return moment if "%H" in days or "%I" in days else moment.date()


def same_moment(text, value):
    """ISO 8601 is the only spelling that needs no one to decide between day and month."""
    parsed = type(value).fromisoformat(text)
    if isinstance(value, datetime.datetime) and value.tzinfo and not parsed.tzinfo:
        return False
    if isinstance(value, datetime.datetime) and parsed.tzinfo and not value.tzinfo:
        parsed = parsed.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return parsed == value
