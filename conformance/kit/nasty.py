"""Tables of all that statistics go wrong on: no numbers, zeros of both signs, the widest values, nothing at all."""

import datetime
import decimal
import json
import random

import pyarrow
import pyarrow.parquet

UTC = datetime.timezone.utc
D = decimal.Decimal
DAY = datetime.date
ROWS = 12
#: More rows than are all counted.
MANY = 70_000


def moment(text):
    return datetime.datetime.fromisoformat(text)


def columns():
    """(name, type, values), each of them made longer by its own values."""
    inf, nan = float("inf"), float("nan")
    text = ["", " ", "a", "A", "é", "e\u0301", "😀", "\U0010ffff", "line\nend", 'q"uote', "x" * 300]
    return [
        ("double_odd", pyarrow.float64(), [nan, inf, -inf, 0.0, -0.0, 1.5, None, 5e-324, 1e-300]),
        ("double_large", pyarrow.float64(), [1.7e308, -1.7e308, 1.0, 3.5]),
        ("double_square", pyarrow.float64(), [1e200, -1e200, 7.0]),
        ("double_close", pyarrow.float64(), [1e9 + 0.1, 1e9 + 0.2, 1e9 + 0.3]),
        ("double_none", pyarrow.float64(), [nan, None]),
        ("double_zeros", pyarrow.float64(), [-0.0, 0.0]),
        ("double_nothing", pyarrow.float64(), [None]),
        ("float_odd", pyarrow.float32(), [0.1, nan, inf, -0.0, 3.0, None]),
        ("int_wide", pyarrow.int64(), [-(2**63), 2**63 - 1, 0, None, 2**53 + 1]),
        ("int_unsigned", pyarrow.uint64(), [0, 2**64 - 1, 2**63]),
        ("int_tiny", pyarrow.int8(), [-128, 127, None]),
        ("int_nothing", pyarrow.int32(), [None]),
        ("decimal_wide", pyarrow.decimal128(38, 0), [D("9" * 38), D("-" + "9" * 38), D(5)]),
        ("decimal_fine", pyarrow.decimal128(38, 20), [D("0.10000000000000000001"), D("0.1"), D("-7.5"), None]),
        ("decimal_money", pyarrow.decimal128(9, 2), [D("1.10"), D("0.00"), D("-9999999.99")]),
        ("day", pyarrow.date32(), [DAY(1, 1, 1), DAY(9999, 12, 31), DAY(1969, 12, 31), None]),
        ("moment", pyarrow.timestamp("us"), [moment("1582-10-14T23:59:59.999999"), moment("2024-02-29T00:00:00")]),
        ("moment_zone", pyarrow.timestamp("us", "UTC"), [moment("0001-01-02T00:00:00+00:00"), moment("9999-12-30T23:59:59.5+00:00"), None]),
        ("moment_ms", pyarrow.timestamp("ms"), [moment("2024-02-29T12:00:00.25"), moment("1969-12-31T23:59:59.999")]),
        ("flag", pyarrow.bool_(), [True, None]),
        ("flags", pyarrow.bool_(), [True, False]),
        ("flag_nothing", pyarrow.bool_(), [None]),
        ("text", pyarrow.string(), text),
        ("text_empty", pyarrow.string(), ["", None]),
        ("text_nothing", pyarrow.string(), [None]),
        ("text_long", pyarrow.string(), ["ä" * 70_000, "b" * 199 + "😀z"]),
        ("list", pyarrow.list_(pyarrow.int32()), [[1, 2], [], None]),
        ("phone", pyarrow.int64(), [33612345670 + n for n in range(ROWS)]),
        ("mobile", pyarrow.int32(), list(range(ROWS))),
        ("email", pyarrow.string(), [f"quagga{n}@zanzibar.org" for n in range(ROWS)]),
        ("constructor", pyarrow.int32(), [1, 2, 3]),
        ("__proto__", pyarrow.string(), ["x", "y"]),
    ]


def table(rows):
    arrays = {name: pyarrow.array([values[row % len(values)] for row in range(rows)], kind) for name, kind, values in columns()}
    return pyarrow.table(arrays)


def many():
    """Of more distinct values than are counted, and of as many as a dictionary has."""
    noise = random.Random(20261126)
    numbers = [noise.getrandbits(40) for _ in range(MANY)]
    return pyarrow.table(
        {
            "m_id": pyarrow.array(range(MANY), pyarrow.int64()),
            "m_text": [f"{number:x}" for number in numbers],
            "m_double": [None if number % 9 == 0 else number / 7 for number in numbers],
            "m_odd": [float("nan") if number % 3 == 0 else -float(number) for number in numbers],
            "m_some": [number % 8000 for number in numbers],
            "m_few": ["yes" if number % 4 else None for number in numbers],
            "m_class": [number % 30_000 for number in numbers],
            "m_moment": pyarrow.array(numbers, pyarrow.timestamp("us", "UTC")),
        }
    )


def wide():
    """Of more columns than are counted."""
    return pyarrow.table({f"w{n}": [(row * n) % 7 for row in range(50)] for n in range(70)})


CSV = (
    "c_int,c_zero,c_exp,c_text,c_day,c_zone\n"
    "9007199254740993,-0,1e3,,2024-02-29,2024-02-29T12:00:00+02:00\n"
    '-9007199254740993,0,1E-5,"",1969-12-31,1969-12-31T23:59:59.5Z\n'
    "0,0.0,2.50,NA,0001-01-01,2000-01-01 00:00:00-14:00\n"
    ",-0.0,nan,-,,\n"
)


def write(folder, rules):
    """A dataset in the layout of Kaggle; `rules` are those of its entry, which is for convert-samples.js."""
    folder.mkdir(parents=True)
    pyarrow.parquet.write_table(table(ROWS * 11), folder / "nasty.parquet")
    pyarrow.parquet.write_table(many(), folder / "many.parquet")
    pyarrow.parquet.write_table(wide(), folder / "wide.parquet")
    (folder / "texts.csv").write_text(CSV, "utf-8")
    entry = {"checks": {"severity": "warn", "rules": rules}, "target_column": "m_class", "ml_task": "classification"}
    metadata = {"title": "Nasty", "id": "conformance/nasty", "entry": entry}
    (folder / "dataset-metadata.json").write_text(json.dumps(metadata), "utf-8")
