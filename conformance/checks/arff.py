"""ARFF files: every cell as liac-arff and scipy have it, and damaged ones refused or told."""

import datetime
import io
import math
import random

import arff
import numpy
import scipy.io.arff
from kit.records import damaged, read

ROWS = 200
NASTY = ["a", "it's", 'say "x"', "a,b", "50%", "?", "", "back\\slash", "tab\there", "é漢", " blanks ", "007"]


def check_every_cell_is_what_liac_arff_reads(context):
    folder = context.folder()
    files = written(folder, random.Random(63))
    compared = 0
    for ours in read(context, folder, files, "arff"):
        assert "refused" not in ours, f"{ours['file']}: {ours['refused']}"
        assert not ours["rejects"], f"{ours['file']}: {ours['rejects']} rejects"
        with open(ours["file"], encoding="utf-8") as file:
            theirs = arff.load(file)
        assert ours["names"] == [name for name, _kind in theirs["attributes"]], ours["names"]
        for row, (mine, other) in enumerate(zip(ours["rows"], theirs["data"], strict=True), start=1):
            for (name, kind), text, value in zip(theirs["attributes"], mine, other, strict=True):
                assert same(text, value), f"{ours['file']} {name} ({kind}) row {row}: we {text!r}, liac-arff {value!r}"
                compared += 1
    assert compared > 5_000, f"only {compared} cells were compared"
    return f"{len(files)} files, {compared} cells"


def check_numbers_domains_and_dates_are_what_scipy_reads(context):
    folder = context.folder()
    chance = random.Random(64)
    patterns = {
        "yyyy-MM-dd HH:mm:ss": "%Y-%m-%d %H:%M:%S",
        "yyyy-MM-dd": "%Y-%m-%d",
        "dd/MM/yyyy": "%d/%m/%Y",
        "yyyyMMdd HH": "%Y%m%d %H",
    }
    lines = ["% a comment", "@RELATION judged", "@Attribute number NUMERIC", "@attribute kind {one, 'two words', 3}"]
    lines += [f'@attribute date{number} date "{pattern}"' for number, pattern in enumerate(patterns)]
    lines += ["@DATA"]
    for _ in range(ROWS):
        moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=chance.randrange(3 * 10**9))
        cells = [chance.choice([repr(chance.uniform(-1e9, 1e9)), "?", "7"]), chance.choice(["one", "'two words'", "3"])]
        lines.append(", ".join(cells + [f'"{moment.strftime(form)}"' for form in patterns.values()]))
    file = folder / "judged.arff"
    file.write_text("\n".join(lines), "utf-8")
    (ours,) = read(context, folder, [file], "arff")
    theirs, _meta = scipy.io.arff.loadarff(io.StringIO(file.read_text("utf-8")))
    assert ours["names"] == list(theirs.dtype.names), ours
    for mine, other in zip(ours["rows"], theirs, strict=True):
        for text, value in zip(mine, other, strict=True):
            if isinstance(value, numpy.datetime64):
                assert numpy.datetime64(text) == value, f"we {text!r}, scipy {value!r}"
            elif isinstance(value, bytes):
                assert text == value.decode(), f"we {text!r}, scipy {value!r}"
            else:
                assert same(text, None if math.isnan(value) else float(value)), f"we {text!r}, scipy {value!r}"
    return f"{ROWS} rows, {len(patterns)} patterns of dates"


def check_damaged_files_are_refused_or_told(context):
    """Of a file that is cut short the rows before are read as they are, or something is told; a header that is cut short is refused."""
    folder = context.folder()
    whole = written(folder, random.Random(65), 30)
    rows = {ours["file"]: ours["rows"] for ours in read(context, folder, whole, "arff")}
    files = list(damaged(folder, whole, 66))
    found = read(context, folder, [file for file, _source in files], "arff")
    for ours, (_file, cut_from) in zip(found, files, strict=True):
        if cut_from and ours.get("rows") and not ours["remarks"]:
            assert ours["rows"] == rows[str(cut_from)][: len(ours["rows"])], f"{ours['file']}: {ours['rows'][-1:]}"
    refused = sum("refused" in ours for ours in found)
    told = sum(bool(ours.get("rejects") or ours.get("remarks")) for ours in found)
    return f"{len(found)} files, {refused} refused, {told} with rejects or remarks"


def written(folder, chance, rows=ROWS):
    """Dense and sparse files as liac-arff writes them."""
    attributes = [
        ("number", "REAL"),
        ("whole", "INTEGER"),
        ("any", "NUMERIC"),
        ("a text", "STRING"),
        ("it's a kind", ["first", *(word for word in NASTY if word not in ("", "?", " blanks "))]),
        ("small", ["0", "1"]),
    ]

    def row():
        return [
            chance.choice([None, chance.uniform(-1e3, 1e3), 1e-300, -0.5, 12345678.125]),
            chance.choice([None, 0, chance.randint(-(10**9), 10**9)]),
            chance.choice([0.0, 1.5, None]),
            chance.choice([word for word in NASTY if word not in ("", "?")]),
            chance.choice([None, *attributes[4][1]]),
            chance.choice("01"),
        ]

    dense = {"relation": "some relation", "description": "of\nlines", "attributes": attributes}
    dense["data"] = [row() for _ in range(rows)]
    files = [folder / "dense.arff"]
    files[0].write_text(arff.dumps(dense), "utf-8")
    files.append(folder / "windows.arff")
    files[1].write_bytes(arff.dumps(dense).replace("\n", "\r\n").encode())
    sparse = {**dense, "attributes": [attributes[0], attributes[5], attributes[2], *[(f"w{i}", "INTEGER") for i in range(30)]]}
    sparse["data"] = [{i: chance.choice([1, 2]) for i in chance.sample(range(2, 33), 5)} | {1: "1"} for _ in range(rows)]
    files.append(folder / "sparse.arff")
    files[2].write_text(arff.dumps(sparse), "utf-8")
    return files


def same(text, value):
    if value is None:
        return text is None
    if isinstance(value, (int, float)):
        return text is not None and float(text) == float(value)
    return text == value
