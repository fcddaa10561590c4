"""Arrow and Feather files as pyarrow and polars write them: every cell as pyarrow has it, and damaged ones refused."""

import datetime
import decimal
import json
import math
import random

import polars
import pyarrow
import pyarrow.feather
import pyarrow.ipc
from kit.records import judge_damaged, read

EPOCH = datetime.datetime(1970, 1, 1)
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
ROWS = 300


def check_every_cell_is_what_pyarrow_reads(context):
    folder = context.folder()
    table = everything(random.Random(14))
    files = written(folder, table)
    compared = 0
    for ours in read(context, folder, files, "arrow"):
        assert "refused" not in ours, f"{ours['file']}: {ours['refused']}"
        reader = pyarrow.ipc.open_stream if ours["file"].endswith("stream") else pyarrow.ipc.open_file
        compared += compare(reader(pyarrow.memory_map(ours["file"])).read_all(), ours)
    assert compared > 50_000, f"only {compared} cells were compared"
    return f"{len(files)} files, {compared} cells"


def check_damaged_files_are_refused_or_read_as_they_are(context):
    """Bytes cut off and turned over: an error with a code, or a table; never a crash, never an endless one."""
    folder = context.folder()
    whole = written(folder, everything(random.Random(15)).slice(0, 40))
    return judge_damaged(context, folder, whole, "arrow", 16, lambda ours, _whole: ours["file"].endswith("stream"))


def written(folder, table):
    """The same table by every writer and with every codec."""
    files = []
    for codec in ("uncompressed", "lz4", "zstd"):
        files.append(folder / f"{codec}.arrow")
        options = pyarrow.ipc.IpcWriteOptions(compression=None if codec == "uncompressed" else codec)
        with pyarrow.ipc.new_file(str(files[-1]), table.schema, options=options) as writer:
            writer.write_table(table, max_chunksize=97)
        files.append(folder / f"{codec}.stream")
        with pyarrow.ipc.new_stream(str(files[-1]), table.schema, options=options) as writer:
            writer.write_table(table, max_chunksize=97)
    old = pyarrow.ipc.IpcWriteOptions(metadata_version=pyarrow.ipc.MetadataVersion.V4, use_legacy_format=True)
    plain = table.select([name for name in table.column_names if not name.startswith(("union", "runs"))])
    files.append(folder / "legacy.stream")
    with pyarrow.ipc.new_stream(str(files[-1]), plain.schema, options=old) as writer:
        writer.write_table(plain)
    files.append(folder / "deltas.stream")
    options = pyarrow.ipc.IpcWriteOptions(emit_dictionary_deltas=True)
    schema = pyarrow.schema([("dictionary", pyarrow.dictionary(pyarrow.int8(), pyarrow.string()))])
    with pyarrow.ipc.new_stream(str(files[-1]), schema, options=options) as writer:
        for words in (["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]):
            indices = pyarrow.array([*range(len(words)), None], pyarrow.int8())
            column = pyarrow.DictionaryArray.from_arrays(indices, pyarrow.array(words))
            writer.write_batch(pyarrow.record_batch([column], schema=schema))
    files.append(folder / "feather.arrow")
    pyarrow.feather.write_feather(table, str(files[-1]), chunksize=50)
    for codec in ("uncompressed", "lz4", "zstd"):
        files.append(folder / f"polars-{codec}.arrow")
        names = ["id", "text", "double", "moment_us", "list", "boolean", "category"]
        frame = polars.DataFrame({"id": range(ROWS)}).with_columns(
            polars.format("text that is longer than twelve {}", "id").alias("text"),
            (polars.col("id") / 7).alias("double"),
            polars.from_epoch(polars.col("id") * 10**9 + 1, time_unit="us").alias("moment_us"),
            polars.concat_list("id", "id").alias("list"),
            (polars.col("id") % 3 == 0).alias("boolean"),
            polars.format("c{}", polars.col("id") % 5).cast(polars.Categorical).alias("category"),
        )
        frame.select(names).write_ipc(files[-1], compression=codec)
    return files


def everything(chance):
    """A column of each type, a value in ten missing."""

    def some(make):
        return [None if chance.random() < 0.1 else make() for _ in range(ROWS)]

    def column(kind, make):
        return pyarrow.array(some(make), kind)

    def whole(bits):
        return lambda: chance.choice([-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, 0, chance.randint(-99, 99)])

    def natural(bits):
        return lambda: chance.choice([0, 2**bits - 1, chance.randint(0, 200)])

    def word():
        letters = ["a", "é", '"', ",", "\n", "漢", "😀", "0", " "]
        return "".join(chance.choice(letters) for _ in range(chance.choice([0, 1, 5, 12, 13, 40])))

    real = lambda: chance.choice([chance.uniform(-1, 1) * 10 ** chance.randint(-300, 300), 1.0, -0.0, math.nan, math.inf])
    places = lambda scale, digits: lambda: decimal.Decimal(chance.randint(-(10**digits), 10**digits)).scaleb(-scale)
    columns = {f"int{bits}": column(getattr(pyarrow, f"int{bits}")(), whole(bits)) for bits in (8, 16, 32, 64)}
    columns |= {f"uint{bits}": column(getattr(pyarrow, f"uint{bits}")(), natural(bits)) for bits in (8, 16, 32, 64)}
    columns |= {
        "half": pyarrow.array(some(lambda: chance.choice([0.5, 65504.0, 6e-8, -2.25, math.inf])), pyarrow.float16()),
        "float": column(pyarrow.float32(), lambda: chance.uniform(-9, 9)),
        "double": column(pyarrow.float64(), real),
        "boolean": column(pyarrow.bool_(), lambda: chance.random() < 0.5),
        "text": column(pyarrow.string(), word),
        "large_text": column(pyarrow.large_string(), word),
        "text_view": column(pyarrow.string_view(), word),
        "binary": column(pyarrow.binary(), lambda: chance.randbytes(chance.randint(0, 20))),
        "binary_view": column(pyarrow.binary_view(), lambda: chance.randbytes(chance.randint(0, 20))),
        "fixed": column(pyarrow.binary(3), lambda: chance.randbytes(3)),
        "decimal": column(pyarrow.decimal128(20, 5), places(5, 19)),
        "wide_decimal": column(pyarrow.decimal256(60, 10), places(10, 59)),
        "decimal_64": column(pyarrow.decimal64(10, 2), places(2, 9)),
        "day": column(pyarrow.date32(), lambda: datetime.date(1, 1, 1) + datetime.timedelta(chance.randint(0, 3_600_000))),
        "nothing": pyarrow.nulls(ROWS),
        "dictionary": column(pyarrow.string(), lambda: chance.choice("abc")).dictionary_encode(),
        "numbers_in_dictionary": column(pyarrow.int64(), lambda: chance.choice([2**62, 5])).dictionary_encode(),
        "runs": pyarrow.RunEndEncodedArray.from_arrays([100, 250, ROWS], ["x", None, "y"]),
        "list": column(pyarrow.list_(pyarrow.int64()), lambda: some_of(chance, lambda: chance.choice([2**63 - 1, None, 1]))),
        "large_list": column(pyarrow.large_list(pyarrow.string()), lambda: some_of(chance, word)),
        "list_view": column(pyarrow.list_view(pyarrow.float64()), lambda: some_of(chance, lambda: chance.random())),
        "fixed_list": column(pyarrow.list_(pyarrow.int8(), 2), lambda: [1, None]),
        "struct": column(
            pyarrow.struct([("a", pyarrow.int64()), ("b c", pyarrow.list_(pyarrow.string()))]),
            lambda: {"a": chance.choice([None, 7]), "b c": some_of(chance, word)},
        ),
        "map": column(pyarrow.map_(pyarrow.string(), pyarrow.int32()), lambda: [(word(), 1), ("k", None)]),
        "union_dense": pyarrow.UnionArray.from_dense(
            pyarrow.array([i % 2 for i in range(ROWS)], pyarrow.int8()),
            pyarrow.array([i // 2 for i in range(ROWS)], pyarrow.int32()),
            [pyarrow.array(range(ROWS // 2)), pyarrow.array(list("ab") * (ROWS // 4))],
        ),
    }
    for unit, per in UNITS.items():
        seconds = lambda per=per: chance.randint(-(2**31), 2**32) * per + chance.randint(0, per - 1)
        columns[f"moment_{unit}"] = column(pyarrow.timestamp(unit), seconds)
        columns[f"instant_{unit}"] = column(pyarrow.timestamp(unit, "Europe/Berlin"), seconds)
        columns[f"duration_{unit}"] = column(pyarrow.duration(unit), lambda: chance.randint(-(10**9), 10**9))
        kind = pyarrow.time32 if unit in ("s", "ms") else pyarrow.time64
        columns[f"time_{unit}"] = column(kind(unit), lambda per=per: chance.randrange(86_400 * per))
    return pyarrow.table(columns)


def some_of(chance, make):
    return [make() for _ in range(chance.randint(0, 3))]


def compare(table, ours):
    assert ours["names"] == table.column_names, f"{ours['file']}: {ours['names']}"
    assert len(ours["rows"]) == table.num_rows, f"{ours['file']}: {len(ours['rows'])} rows, pyarrow {table.num_rows}"
    for at, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        for row, value in enumerate(column):
            text = ours["rows"][row][at]
            assert same(text, value), f"{ours['file']} {name} row {row + 1}: we read {text!r}, pyarrow {value!r}"
    return table.num_rows * table.num_columns


def same(text, scalar):
    """Ours is a text; the other a scalar of Arrow."""
    if isinstance(scalar, (pyarrow.UnionScalar, pyarrow.DictionaryScalar, pyarrow.RunEndEncodedScalar)):
        return same(text, scalar.as_py() if isinstance(scalar, pyarrow.RunEndEncodedScalar) else inner(scalar))
    if not isinstance(scalar, pyarrow.Scalar):
        return text == scalar
    if not scalar.is_valid:
        return text is None
    kind = scalar.type
    if pyarrow.types.is_nested(kind):
        return json.loads(text, parse_float=decimal.Decimal) == plain(scalar.as_py())
    if pyarrow.types.is_timestamp(kind):
        zone = "+00" if kind.tz else ""
        return text.endswith(zone) and count(text.removesuffix(zone), kind.unit) == scalar.value
    if pyarrow.types.is_time(kind):
        return count(f"1970-01-01 {text}", kind.unit) == scalar.value
    if pyarrow.types.is_duration(kind):
        return int(text) == scalar.value
    value = scalar.as_py()
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, float):
        return text == "NaN" if math.isnan(value) else float(text) == value and text.startswith("-") == (str(value)[0] == "-")
    if isinstance(value, decimal.Decimal):
        return decimal.Decimal(text) == value and -decimal.Decimal(text).as_tuple().exponent == kind.scale
    return text == (value.hex() if isinstance(value, bytes) else str(value))


def inner(scalar):
    return scalar.value


def plain(value):
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return decimal.Decimal(repr(value)) if isinstance(value, float) else value


def count(text, unit):
    """Units since 1970."""
    whole, _, fraction = text.partition(".")
    seconds = (datetime.datetime.fromisoformat(whole) - EPOCH) // datetime.timedelta(seconds=1)
    return seconds * UNITS[unit] + int((fraction or "0").ljust(9, "0")) * UNITS[unit] // 10**9
