"""JSON, SQLite and like files: every cell as Python's own json, sqlite3 and csv have it."""

import csv
import json
import random
import re
import sqlite3

from checks.parquet import convert, same, tables_of

SEED = 20261126
RECORDS = 200
TRIPS = {"files": ["year=*/trips_*.csv"], "file_column": "source"}


class Number(str):
    """A number of JSON, as its digits stand there."""


def check_json_in_every_shape_has_the_records_that_json_reads(context):
    """Shapes as Python writes them, and the files of the samples."""
    records = json_records(random.Random(SEED))
    shapes = {name: write(records) for name, write in SHAPES.items()}
    samples = context.project / "samples/exai-samples/three-shapes-of-json"
    data = context.folder()
    shapes["lines"] = "".join(f"{json.dumps(one)}\n" for one in records)
    put(data, "json", {f"{name}.{'ndjson' if name == 'lines' else 'json'}": text.encode() for name, text in shapes.items()})
    put(data, "samples", {file.name: file.read_bytes() for file in samples.glob("*.*json")})
    expected = {name: reread(records) for name in shapes} | {f"two__{name}": reread(records) for name in ("a", "b")}
    del expected["two"]
    expected["keyed"] = [{"key": str(index), **record} for index, record in enumerate(reread(records))]
    expected |= samples_of(samples)
    return compared(context, data, expected, json_cell)


def check_tables_of_sqlite_have_the_rows_that_sqlite3_reads(context):
    data = context.folder()
    source = data / "nasty.db"
    write_database(source)
    files = {"nasty.db": source, "elements.db": context.project / "samples/exai-samples/periodic-table/elements.db"}
    source_bytes = {name: file.read_bytes() for name, file in files.items()}
    expected = {}
    for name, file in files.items():
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
            database.row_factory = sqlite3.Row
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
                expected[f"{file.stem}__{table.replace(' ', '_')}"] = [dict(row) for row in rows]
    source.unlink()
    put(data, "sqlite", source_bytes)
    return compared(context, data, expected, sqlite_cell)


def check_like_files_are_one_table_of_all_their_rows(context):
    """In natural order of their paths, columns by name, with the file and the folders that name a value."""
    data = context.folder()
    files = {
        "year=2020/trips_2.csv": "id,fare\n1,2.50\n2,3.00\n",
        "year=2020/trips_10.csv": 'fare,id,note\n4.25,3,"a, b"\n',
        "year=2021/trips_1.csv": "id,note\n4,c\n5,\n",
    }
    put(data, "trips", {name: text.encode() for name, text in files.items()}, {"tables": {"trips": TRIPS}})
    samples = context.project / "samples/exai-samples/us-births"
    births = {file.relative_to(samples).as_posix(): file.read_text() for file in sorted(samples.rglob("*.csv"))}
    entry = {"tables": {"births": {"files": "*/data.csv", "file_column": "source"}}}
    put(data, "births", {name: text.encode() for name, text in births.items()}, entry)
    # Years of folders are columns; those of the births' folders name nothing.
    rows = [{**row, "source": name, "year": name[5:9]} for name, text in files.items() for row in dict_rows(text)]
    expected = {"trips": rows, "births": [{**row, "source": name} for name, text in births.items() for row in dict_rows(text)]}
    return compared(context, data, expected, lambda text, value, _type: same(text or "", value, {""}))


def put(data, slug, files, entry=None):
    """Refuses nothing: what is no row would show as one too few."""
    for name, content in {**files, "dataset-metadata.json": json.dumps({"entry": entry or {}}).encode()}.items():
        (data / "formats" / slug / name).parent.mkdir(parents=True, exist_ok=True)
        (data / "formats" / slug / name).write_bytes(content)


def compared(context, data, expected, is_same):
    lines = convert(context, data)
    errors = [line["error"] for line in lines if "error" in line]
    assert not errors, errors
    tables = {line["table"]: table for line, table in zip(lines, tables_of(lines), strict=True)}
    cells = 0
    assert tables.keys() == expected.keys(), f"tables {sorted(tables)}, expected {sorted(expected)}"
    for name, rows in expected.items():
        table = tables[name]
        assert table.arrow.num_rows == len(rows), f"{name}: {table.arrow.num_rows} of {len(rows)} rows"
        columns = {column["name"]: column for column in table.columns}
        wanted = {key for row in rows for key in row}
        assert columns.keys() == wanted, f"{name}: columns {sorted(columns)}, expected {sorted(wanted)}"
        for column in columns:
            values = table.arrow[column].to_pylist()
            for number, (row, value) in enumerate(zip(rows, values, strict=True), start=1):
                found = is_same(row.get(column), value, columns[column]["type"])
                assert found, f"{name} row {number} {column}: {row.get(column)!r} became {value!r}"
            cells += len(values)
    return f"{len(expected)} tables, {cells:,} cells"


def dict_rows(text):
    return list(csv.DictReader(text.splitlines()))


def json_records(noise):
    """One kind of value a column, or several, and a column that half of the records lack."""
    texts = ["", " ", "é", 'a "b"', "line\nbreak", "\\", "\u2028", "😀", "None", "[1]", "01"]
    records = []
    for index in range(RECORDS):
        record = {
            "number": index - 100,
            "huge": 2**63 + index,
            "real": noise.choice([0.1, -1e300, 5e-324, 1 / 3, float(index)]),
            "odd": noise.choice([float("nan"), float("inf"), 1.5]),
            "truth": noise.random() < 0.5,
            "text": noise.choice(texts),
            "day": f"2024-02-{noise.randint(1, 29):02}",
            "mixed": noise.choice([1, "1", None, True, 2.5]),
            "inside": noise.choice([{"a": [1, {"b": None}]}, [], {}, [1, "x"]]),
        }
        if noise.random() < 0.5:
            record["seldom"] = index
        records.append(record)
    return records


SHAPES = {
    "list": json.dumps,
    "indented": lambda records: json.dumps(records, indent=2, ensure_ascii=False),
    "following": lambda records: "\n".join(json.dumps(one, indent=1) for one in records),
    "headed": lambda records: json.dumps({"count": len(records), "data": records}),
    "two": lambda records: json.dumps({"a": records, "b": records}),
    "keyed": lambda records: json.dumps({str(index): record for index, record in enumerate(records)}),
}


def reread(records):
    return json.loads(json.dumps(records), parse_int=Number, parse_float=Number, parse_constant=Number)


def samples_of(folder):
    def read(name):
        return json.loads((folder / name).read_text("utf-8"), parse_int=Number, parse_float=Number)

    miserables = read("les_mis.json")
    places = [{"id": Number(one["id"]), **one["properties"], "geometry": one["geometry"]} for one in read("sample_geojson.geojson")["features"]]
    return {
        "les_mis__nodes": miserables["nodes"],
        "les_mis__links": miserables["links"],
        "olympics2014": read("olympics2014.json")["data"],
        "sample_geojson": places,
    }


def json_cell(found, value, _type):
    if found is None:
        return value is None
    if isinstance(found, (dict, list)):
        return isinstance(value, str) and json.loads(value, parse_int=Number, parse_float=Number) == found
    if isinstance(found, bool):
        return str(value).lower() == str(found).lower()
    if isinstance(value, float) and isinstance(found, Number):
        return same(found.replace("Infinity", "inf"), value, ())
    return same(found, value, ())


def write_database(file):
    noise = random.Random(SEED)
    with sqlite3.connect(file) as database:
        database.execute('CREATE TABLE "od d"("a ""b""" INTEGER, real REAL, text TEXT, blob BLOB, any, late INT)')
        for index in range(500):
            row = [
                noise.choice([None, 2**63 - 1, -(2**63), index]),
                noise.choice([None, 0.1, 1e300, 5e-324, float(index), -0.0]),
                noise.choice([None, "", " x ", "é\n😀", "1", "NULL"]),
                noise.choice([None, b"", b"\x00\xff"]),
                noise.choice([None, 1, 1.5, "one", b"\x01"]),
                index if index < 499 else "x",
            ]
            database.execute('INSERT INTO "od d" VALUES (?, ?, ?, ?, ?, ?)', row)
        database.execute("CREATE TABLE keyed(k TEXT PRIMARY KEY, v INT, twice INT AS (v * 2) STORED) WITHOUT ROWID")
        database.executemany("INSERT INTO keyed(k, v) VALUES (?, ?)", [(f"k{index:03}", index) for index in range(100)])
    database.close()


def sqlite_cell(found, value, _type):
    if found is None:
        return value is None
    if isinstance(found, bytes):
        return value == found.hex()
    if isinstance(found, float):
        return float(value) == found and (isinstance(value, float) or re.fullmatch(r"-?[\d.]+(e[+-]\d+)?", str(value)) is not None)
    return same(str(found), value, ())
