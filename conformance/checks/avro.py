"""Avro files as fastavro writes them: every cell as fastavro has it, and damaged ones refused."""

import datetime
import decimal
import json
import math
import random
import uuid

import fastavro
from kit.records import first_rows_of, judge_damaged, read

ROWS = 150
UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1)
INNER = {"type": "record", "name": "Inner", "fields": [{"name": "a", "type": "long"}, {"name": "next", "type": ["null", "Inner"]}]}
TYPES = {
    "boolean": "boolean",
    "int": "int",
    "long": "long",
    "float": "float",
    "double": "double",
    "text": "string",
    "bytes": "bytes",
    "fixed": {"type": "fixed", "name": "Three", "size": 3},
    "kind": {"type": "enum", "name": "Kind", "symbols": ["A", "B", "C"]},
    "list": {"type": "array", "items": ["null", "long"]},
    "map": {"type": "map", "values": "double"},
    "inner": INNER,
    "again": "judged.Inner",
    "either": ["string", "long", "boolean"],
    "day": {"type": "int", "logicalType": "date"},
    "clock": {"type": "long", "logicalType": "time-micros"},
    "instant": {"type": "long", "logicalType": "timestamp-millis"},
    "moment": {"type": "long", "logicalType": "local-timestamp-micros"},
    "money": {"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 4},
    "id": {"type": "string", "logicalType": "uuid"},
}
CODECS = ["null", "deflate", "snappy", "zstandard"]


def check_every_cell_is_what_fastavro_reads(context):
    folder = context.folder()
    files = written(folder, random.Random(12))
    compared = 0
    for ours in read(context, folder, files, "avro"):
        assert "refused" not in ours, f"{ours['file']}: {ours['refused']}"
        with open(ours["file"], "rb") as file:
            theirs = list(fastavro.reader(file))
        assert len(ours["rows"]) == len(theirs) and not ours["rejects"], f"{ours['file']}: {len(ours['rows'])} rows"
        for row, record in zip(ours["rows"], theirs, strict=True):
            values = record if isinstance(record, dict) else {"value": record}
            for name, text, value in zip(ours["names"], row, values.values(), strict=True):
                assert same(text, value), f"{ours['file']} {name}: we read {text!r}, fastavro {value!r}"
                compared += 1
    return f"{len(files)} files, {compared} cells"


def check_damaged_files_are_refused_or_read_as_they_are(context):
    """One that was cut exactly between two blocks is a shorter file."""
    folder = context.folder()
    whole = written(folder, random.Random(13))
    return judge_damaged(context, folder, whole, "avro", 14, first_rows_of(context, folder, whole, "avro"))


def written(folder, chance):
    fields = [{"name": name, "type": kind} for name, kind in TYPES.items()]
    fields += [{"name": f"maybe_{name}", "type": ["null", kind]} for name, kind in TYPES.items() if isinstance(kind, str) and "." not in kind]
    schema = {"type": "record", "name": "judged.Row", "fields": fields}
    files = []
    for codec in CODECS:
        files.append(folder / f"{codec}.avro")
        with open(files[-1], "wb") as file:
            fastavro.writer(file, schema, [record(chance) for _ in range(ROWS)], codec=codec, sync_interval=4000)
    files.append(folder / "numbers.avro")
    with open(files[-1], "wb") as file:
        fastavro.writer(file, {"type": "long"}, [chance.randint(-(2**63), 2**63 - 1) for _ in range(ROWS)])
    return files


def record(chance):
    word = lambda: "".join(chance.choice(["a", "é", '"', "\n", "漢", "😀", " ", "0"]) for _ in range(chance.randint(0, 9)))
    inner = lambda: {"a": chance.choice([2**63 - 1, -5]), "next": chance.choice([None, {"a": 1, "next": None}])}
    moment = EPOCH + datetime.timedelta(microseconds=chance.randint(-(2**50), 2**52))
    row = {
        "boolean": chance.random() < 0.5,
        "int": chance.choice([-(2**31), 2**31 - 1, chance.randint(-99, 99)]),
        "long": chance.choice([-(2**63), 2**63 - 1, chance.randint(-99, 99)]),
        "float": chance.choice([0.5, math.inf, -0.0]),
        "double": chance.choice([chance.uniform(-1e300, 1e300), math.nan, 1.0]),
        "text": word(),
        "bytes": chance.randbytes(chance.randint(0, 9)),
        "fixed": chance.randbytes(3),
        "kind": chance.choice("ABC"),
        "list": [chance.choice([None, 2**62, 7]) for _ in range(chance.randint(0, 4))],
        "map": {word(): chance.uniform(-1, 1) for _ in range(chance.randint(0, 3))},
        "inner": inner(),
        "again": inner(),
        "either": chance.choice(["x", 7, True]),
        "day": moment.date(),
        "clock": moment.time(),
        "instant": moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC),
        "moment": moment,
        "money": decimal.Decimal(chance.randint(-(10**19), 10**19)).scaleb(-4),
        "id": uuid.UUID(int=chance.getrandbits(128)),
    }
    maybe = {f"maybe_{name}": chance.choice([None, row[name]]) for name, kind in TYPES.items() if isinstance(kind, str) and "." not in kind}
    return row | maybe


def same(text, value):
    if value is None:
        return text is None
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, float):
        return text == "NaN" if math.isnan(value) else float(text) == value
    if isinstance(value, (dict, list)):
        return json.loads(text) == value
    if isinstance(value, datetime.datetime):
        return datetime.datetime.fromisoformat(text) == value
    if isinstance(value, datetime.time):
        return datetime.time.fromisoformat(text.ljust(15, "0") if "." in text else text) == value
    if isinstance(value, decimal.Decimal):
        return decimal.Decimal(text) == value and text.split(".")[1:2] == [str(value).split(".")[1]] if "." in str(value) else decimal.Decimal(text) == value
    return text == (value.hex() if isinstance(value, bytes) else str(value))
