"""Persons in every format, whatever goes wrong with it: no message, warning or description shows a value of theirs."""

import json
import pathlib
import random
import sqlite3
import struct

import arff
import fastavro
import openpyxl
import pandas
import pyarrow
import pyarrow.feather
import pyarrow.parquet
import pyreadstat

MARKS = ("zanzibar", "quagga", "6123456", "nzibar", "1977")
NAMES = ("first_name", "email", "phone", "contact", "birthday", "points")
ROWS = [
    (f"Zanzibar{n}", f"quagga{n}@zanzibar.org", f"06123456{n:02}", f"ask quagga{n}@zanzibar.org", f"1977-0{1 + n % 9}-1{n % 9}", n)
    for n in range(40)
]
PERSONS = NAMES[:-1]
SEED = 20261127
CUTS, DAMAGES = 4, 6


def check_no_format_shows_a_value(context):
    data, output = context.folder(), context.folder()
    for format in FORMATS:
        whole = context.folder() / f"people.{format}"
        FORMATS[format](whole)
        for way, entry, content in ways(format, whole.read_bytes()):
            folder = data / format / way
            folder.mkdir(parents=True)
            (folder / whole.name).write_bytes(content)
            (folder / "dataset-metadata.json").write_text(json.dumps({"entry": entry}), "utf-8")
    context.run(["node", str(context.project / "conformance/convert-samples.js"), str(data), str(output)], context.plain_environment())
    said = json.loads((output / "converted.json").read_text("utf-8"))
    shown = [f"{one['ref']} shows {around}" for one in said for around in marked(one)]
    assert not shown, f"{len(shown)}: " + "\n".join(shown[:20])
    well = {one["ref"] for one in said if "error" not in one}
    assert all(f"{format}/well" in well for format in FORMATS), sorted(well)
    errors = {one["error"].split(":")[0] for one in said if "error" in one}
    assert {"CHECK_FAILED", "PINNED_TYPE_MISMATCH", "TOO_MANY_REJECTS"} <= errors, errors
    return f"{len(said)} conversions of {len(FORMATS)} formats, {len(said) - len(well)} with errors: {', '.join(sorted(errors))}"


def marked(said):
    """The words around each value that a person or a catalog would get to see."""
    described = said.get("descriptionFile")
    text = json.dumps(said) + (pathlib.Path(said["workDirectory"], described).read_text("utf-8") if described else "")
    for mark in MARKS:
        at = text.lower().find(mark)
        if at != -1:
            yield text[max(0, at - 200) : at + 100]


def ways(format, content):
    """Each a name, what is configured, and the bytes."""
    yield "well", {}, content
    rules = [rule for name in PERSONS for rule in rules_of(name)]
    for severity in ("warn", "fail"):
        yield severity, {"checks": {"severity": severity, "rules": rules}}, content
    for name, type in zip(PERSONS, ("BOOLEAN", "DATE", "BIGINT", "DATE", "BIGINT"), strict=True):
        yield f"pinned-{name}", {"columns": {name: type}}, content
    if format in BAD_RECORDS:
        for at, bad in enumerate(BAD_RECORDS[format]):
            for most in (0, 10):
                yield f"bad-{at}-{most}", {"checks": {"max_rejects": most}}, content + bad.encode()
    chance = random.Random(SEED)
    for number in range(CUTS):
        yield f"cut-{number}", {}, content[: chance.randrange(len(content) // 2, len(content))]
    for number in range(DAMAGES):
        yield f"damaged-{number}", {"checks": {"max_rejects": number % 2 * 100}}, damaged(content, chance)


def rules_of(column):
    yield {"regex": {"column": column, "pattern": "nothing like it"}}
    yield {"accepted_values": {"column": column, "values": ["x"]}}
    yield {"range": {"column": column, "min": 1e30}}
    yield {"freshness": {"column": column, "max_age_days": 1}}


def damaged(content, chance):
    """Not in the names of columns: by them a person is told."""
    bytes_ = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(bytes_))
        if not any(name.encode() in bytes_[max(0, at - 12) : at + 12] for name in NAMES):
            bytes_[at] = chance.randrange(256)
    return bytes(bytes_)


BAD_RECORDS = {
    "csv": ["Zanzibar,06123456\n", 'Zanzibar,"quagga,x\n', '"Zanzibar"x,quagga@zanzibar.org,06123456,1977,1977,1\n', "Zanzibar and quagga\n"],
    "tsv": ["Zanzibar\t06123456\n", "Zanzibar,quagga,06123456\n"],
    "ndjson": ['{"first_name": Zanzibar}\n', '"quagga@zanzibar.org"\n', '{"first_name": "Zanzibar\\ud800"}\n', '{"email": "quagga@zanzibar.org"\n'],
    "arff": ["Zanzibar,06123456\n", "{0 Zanzibar, quagga 6123456}\n", "'Zanzibar\n"],
}


def as_csv(file, delimiter=","):
    file.write_text("".join(delimiter.join(map(str, row)) + "\n" for row in (NAMES, *ROWS)), "utf-8")


def as_json(file):
    file.write_text(json.dumps([dict(zip(NAMES, row)) for row in ROWS]), "utf-8")


def as_lines(file):
    file.write_text("".join(json.dumps(dict(zip(NAMES, row))) + "\n" for row in ROWS), "utf-8")


def as_workbook(file):
    book = openpyxl.Workbook()
    for row in (NAMES, *ROWS):
        book.active.append(row)
    book.save(file)


def arrow():
    return pyarrow.Table.from_pandas(frame(), preserve_index=False)


def frame():
    return pandas.DataFrame(ROWS, columns=NAMES)


def as_avro(file):
    fields = [{"name": name, "type": "long" if name == "points" else "string"} for name in NAMES]
    schema = {"type": "record", "name": "Person", "fields": fields}
    with open(file, "wb") as out:
        fastavro.writer(out, fastavro.parse_schema(schema), [dict(zip(NAMES, row)) for row in ROWS])


def as_sqlite(file):
    with sqlite3.connect(file) as database:
        types = {"phone": "INTEGER"}
        columns = ", ".join(f"{name} {types.get(name, 'TEXT')}" for name in NAMES)
        database.execute(f"CREATE TABLE people ({columns})")
        database.executemany(f"INSERT INTO people VALUES ({','.join('?' * len(NAMES))})", [*ROWS, ("Zanzibar", "q", "quagga", "x", "1977", 1)])
    database.close()


def as_arff(file):
    attributes = [(name, "INTEGER" if name == "points" else "STRING") for name in NAMES]
    file.write_text(arff.dumps({"relation": "people", "attributes": attributes, "data": [list(row) for row in ROWS]}), "utf-8")


def as_dbase(file):
    """By its documentation: a header, a descriptor of 32 bytes a column, records of fixed width."""
    width = 30
    header = struct.pack("<BBBBIHH20x", 3, 126, 1, 1, len(ROWS), 32 + 32 * len(NAMES) + 1, 1 + width * len(NAMES))
    columns = b"".join(struct.pack("<11sc4xBB14x", name.upper().encode(), b"C", width, 0) for name in NAMES)
    records = b"".join(b" " + b"".join(str(cell).encode().ljust(width) for cell in row) for row in ROWS)
    file.write_bytes(header + columns + b"\r" + records + b"\x1a")


FORMATS = {
    "csv": as_csv,
    "tsv": lambda file: as_csv(file, "\t"),
    "json": as_json,
    "ndjson": as_lines,
    "xlsx": as_workbook,
    "parquet": lambda file: pyarrow.parquet.write_table(arrow(), file, compression="none"),
    "arrow": lambda file: pyarrow.feather.write_feather(arrow(), str(file), compression="uncompressed"),
    "avro": as_avro,
    "dta": lambda file: frame().to_stata(file, write_index=False),
    "xpt": lambda file: pyreadstat.write_xport(frame().rename(columns={"first_name": "fname"}), str(file)),
    "dbf": as_dbase,
    "sqlite": as_sqlite,
    "arff": as_arff,
}
