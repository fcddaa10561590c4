"""Stata files of pandas and ReadStat: every cell as pandas has it, and damaged ones refused or read as they are."""

import datetime
import math
import random

import pandas
import pyreadstat
from kit.records import judge_damaged, read

ROWS = 200
EPOCH = datetime.datetime(1960, 1, 1)
WORDS = ["", "a", " b ", "é", "007", "NA", 'x"y,z', "line\nbreak", "a much longer text " * 3]


def check_every_cell_is_what_pandas_reads(context):
    folder = context.folder()
    files = written(folder, random.Random(8))
    compared = 0
    for ours in read(context, folder, files, "stata"):
        assert "refused" not in ours, f"{ours['file']}: {ours['refused']}"
        theirs = pandas.read_stata(ours["file"], convert_categoricals=False, preserve_dtypes=True)
        assert ours["names"] == list(theirs.columns), ours["names"]
        assert not ours["rejects"] and len(ours["rows"]) == len(theirs), f"{ours['file']}: {len(ours['rows'])} rows"
        for at, name in enumerate(theirs.columns):
            for row, value in enumerate(theirs[name].tolist()):
                text = ours["rows"][row][at]
                assert same(text, value), f"{ours['file']} {name} row {row + 1}: we {text!r}, pandas {value!r}"
                compared += 1
        labels = pandas.io.stata.StataReader(ours["file"])
        with labels:
            known = dict(ours.get("descriptions") or [])
            for name, text in labels.variable_labels().items():
                assert known.get(name, "").startswith(text), f"{name}: {known.get(name)!r}, pandas {text!r}"
            for name, codes in labels.value_labels().items():
                assert all(f"{code}: {text}" in known["kind"] for code, text in codes.items()), known
    return f"{len(files)} files, {compared} cells"


def check_missing_values_with_reasons_are_counted(context):
    folder = context.folder()
    file = folder / "reasons.dta"
    frame = pandas.DataFrame({"a": [1.0, "a", "z", 2.0, "a"], "b": [1, 2, 3, 4, 5]})
    pyreadstat.write_dta(frame, str(file), missing_user_values={"a": ["a", "z"]})
    (ours,) = read(context, folder, [file], "stata")
    assert [row[0] for row in ours["rows"]] == ["1", None, None, "2", None], ours["rows"]
    assert any("2 .a, 1 .z" in remark for remark in ours["remarks"]), ours["remarks"]
    return ours["remarks"][0]


def check_damaged_files_are_refused_or_read_as_they_are(context):
    """No checksum is in these files: a value that was turned over is another value. One cut short is refused."""
    folder = context.folder()
    return judge_damaged(context, folder, written(folder, random.Random(9), 30), "stata", 10, old_without_labels)


def old_without_labels(ours, whole):
    """Before version 117 nothing says that labels follow the records: all records are there."""
    return whole.name.startswith("old") and len(ours["rows"]) == 30


def written(folder, chance, rows=ROWS):
    def some(make, missing=None):
        return [missing if chance.random() < 0.1 else make() for _ in range(rows)]

    moment = lambda: EPOCH + datetime.timedelta(milliseconds=chance.randint(-(10**12), 2 * 10**12))
    frame = pandas.DataFrame(
        {
            "a_byte": pandas.Series([chance.randint(-100, 100) for _ in range(rows)], dtype="int8"),
            "a_int": pandas.Series([chance.randint(-30000, 32740) for _ in range(rows)], dtype="int16"),
            "a_long": pandas.Series([chance.randint(-(2**31) + 1, 2**31 - 30) for _ in range(rows)], dtype="int32"),
            "a_float": pandas.Series(some(lambda: chance.uniform(-9, 9), math.nan), dtype="float32"),
            "a_double": some(lambda: chance.choice([chance.uniform(-1e300, 1e300), 1e-300, 5.0, -0.0, 2.0**60]), math.nan),
            "text": [chance.choice(WORDS) for _ in range(rows)],
            "day": pandas.to_datetime([moment().date() for _ in range(rows)]),
            "moment": [moment() for _ in range(rows)],
            "kind": pandas.Series([chance.choice(["one", "two", "three"]) for _ in range(rows)], dtype="category"),
        }
    )
    labels = {"a_byte": "A small number", "text": "Some words"}
    files = []
    for version in (114, 117, 118, 119):
        for order in ("<", ">"):
            files.append(folder / f"{'old' if version < 117 else 'new'}-{version}-{'big' if order == '>' else 'little'}.dta")
            one = frame.drop(columns=["text"]).assign(text=frame["text"].str.replace("é", "e")) if version < 118 else frame
            one.to_stata(
                files[-1], version=version, byteorder=order, write_index=False, variable_labels=labels,
                convert_dates={"day": "td", "moment": "tc"}, convert_strl=["text"] if version > 114 and order == "<" else None,
            )
    for version in (8, 10, 12, 13, 14, 15):
        files.append(folder / f"{'old' if version < 13 else 'new'}-readstat-{version}.dta")
        one = frame.drop(columns=["day", "moment", "kind"])
        one = one.assign(text=one["text"].str.replace("é", "e")) if version < 14 else one
        pyreadstat.write_dta(one, str(files[-1]), version=version, column_labels=dict(labels))
    return files


def same(text, value):
    if value is None or value is pandas.NaT or (isinstance(value, float) and math.isnan(value)):
        return text is None
    if isinstance(value, pandas.Timestamp):
        return pandas.Timestamp(text) == value
    if isinstance(value, float):
        return float(text) == value and text.startswith("-") == (str(value)[0] == "-")
    return text == str(value)
