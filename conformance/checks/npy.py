"""NumPy arrays: every cell as numpy has it, and damaged ones refused or read as they are."""

import math
import random

import numpy
from kit.records import judge_damaged, read

ROWS = 50
TYPES = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "?", "S5", "U4"]
MOMENTS = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns"]


def check_every_cell_is_what_numpy_reads(context):
    folder = context.folder()
    files = written(folder, numpy.random.default_rng(7))
    compared = 0
    for ours in read(context, folder, files, "numpy"):
        assert "refused" not in ours, f"{ours['file']}: {ours['refused']}"
        theirs = numpy.load(ours["file"])
        assert len(ours["rows"]) == len(theirs), f"{ours['file']}: {len(ours['rows'])} rows, numpy {len(theirs)}"
        names = theirs.dtype.names
        if names:
            assert ours["names"] == list(names), ours["names"]
        for row, value in zip(ours["rows"], theirs, strict=True):
            cells = [value[name] for name in names] if names else numpy.atleast_1d(value)
            for text, cell in zip(row, cells, strict=True):
                assert same(text, cell), f"{ours['file']} ({theirs.dtype}): we read {text!r}, numpy {cell!r}"
                compared += 1
    return f"{len(files)} files, {compared} cells"


def check_damaged_files_are_refused_or_read_as_they_are(context):
    folder = context.folder()
    return judge_damaged(context, folder, written(folder, numpy.random.default_rng(8)), "numpy", 9)


def written(folder, noise):
    """One and two dimensions of each type in both byte orders and both orders of the cells, and records."""
    chance = random.Random(int(noise.integers(1000)))
    arrays = {}
    for order in "<>":
        for kind in TYPES:
            arrays[f"one-{order}-{kind}"] = some(noise, chance, ROWS, order + kind)
            two = some(noise, chance, ROWS * 3, order + kind).reshape(ROWS, 3)
            arrays[f"two-{order}-{kind}"] = two
            arrays[f"fortran-{order}-{kind}"] = numpy.asfortranarray(two)
        fields = [(f"a_{kind}", order + kind) for kind in TYPES]
        records = numpy.zeros(ROWS, fields)
        for name, kind in fields:
            records[name] = some(noise, chance, ROWS, kind)
        arrays[f"records-{order}"] = records
    for unit in MOMENTS:
        counts = noise.integers(-3000, 3000, ROWS)
        arrays[f"moment-{unit}"] = numpy.where(counts % 7 == 0, numpy.datetime64("NaT"), counts.astype(f"M8[{unit}]"))
    arrays["duration"] = noise.integers(-3000, 3000, ROWS).astype("m8[ms]")
    arrays["aligned"] = numpy.zeros(ROWS, numpy.dtype([("é", "u1"), ("b", "f8")], align=True))
    files = []
    for number, (name, array) in enumerate(arrays.items()):
        files.append(folder / f"{number}-{name.replace('<', 'little').replace('>', 'big').replace('?', 'truth')}.npy")
        with open(files[-1], "wb") as file:
            version = (3, 0) if name == "aligned" else chance.choice([(1, 0), (2, 0)])
            numpy.lib.format.write_array(file, array, version=version)
    return files


def some(noise, chance, count, kind):
    plain = numpy.dtype(kind)
    if plain.kind in "SU":
        words = ["", "a", "é" if plain.kind == "U" else "b", "007", "a b", "😀" if plain.kind == "U" else "c"]
        return numpy.array([chance.choice(words) for _ in range(count)], dtype=plain)
    if plain.kind == "b":
        return noise.integers(0, 2, count).astype(plain)
    if plain.kind == "f":
        values = noise.normal(size=count) * 100
        values[::9], values[1::9] = math.nan, math.inf
        return values.astype(plain)
    limits = numpy.iinfo(plain)
    return noise.integers(limits.min, limits.max, count, dtype=plain.newbyteorder("="), endpoint=True).astype(plain)


def same(text, cell):
    if isinstance(cell, numpy.datetime64):
        return text is None if numpy.isnat(cell) else numpy.datetime64(text) == cell
    if isinstance(cell, numpy.timedelta64):
        return int(text) == int(cell.astype("i8"))
    if isinstance(cell, (numpy.bool_, bool)):
        return text == str(bool(cell)).lower()
    if isinstance(cell, numpy.floating):
        return text == "NaN" if numpy.isnan(cell) else float(text) == float(cell)
    if isinstance(cell, bytes):
        return text == cell.decode()
    return text == str(cell)
