"""dBASE tables of public collections: every cell as dbfread has it."""

import datetime
import json

import dbfread

# What dbfread refuses and we read: a NUL behind a number, a date of other letters.
REFUSED_THERE = {"mexicojoin.dbf", "invalid_value.dbf"}


def check_every_cell_is_what_dbfread_reads(context):
    folder = context.project / "test/corpus/dbase"
    listed = context.folder() / "dbase.json"
    listed.write_text(json.dumps(sorted(map(str, folder.glob("*/*.dbf")))), "utf-8")
    script = context.project / "conformance/read-dbase.js"
    lines = context.run(["node", str(script), str(listed)], context.plain_environment()).splitlines()
    cells = tables = 0
    for ours in map(json.loads, lines):
        name = ours["file"].rsplit("/", 1)[-1]
        if name in REFUSED_THERE:
            continue
        table = dbfread.DBF(ours["file"], load=True, encoding=ours["encoding"], ignore_missing_memofile=True)
        memos = {field.name for field in table.fields if field.type == "M"}
        for row, found in zip(table.records, ours["rows"], strict=True):
            for (column, value), text in zip(row.items(), found, strict=True):
                assert column in memos or same(text, value), f"{name} {column}: we read {text!r}, dbfread {value!r}"
                cells += 1
        tables += 1
    assert tables > 10, f"only {tables} tables were compared"
    return f"{tables} tables, {cells} cells"


def same(text, value):
    if value in (None, ""):
        return text is None
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, (int, float)):
        return text is not None and float(text) == float(value)
    if isinstance(value, datetime.datetime):
        return text is not None and text[:19] == value.isoformat(" ")[:19]
    return text == (value.isoformat() if isinstance(value, datetime.date) else str(value))
