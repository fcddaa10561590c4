"""SAS transport files as ReadStat writes them: every cell as pandas and ReadStat have it, and damaged ones refused."""

import datetime
import math
import random

import pandas
import pyreadstat
from kit.records import first_rows_of, judge_damaged, read

ROWS = 200
FORMATS = {"day": "DATE9", "moment": "DATETIME20", "clock": "TIME8"}
EPOCH = datetime.datetime(1960, 1, 1)
WORDS = ["", "a", " b", "007", "NA", 'x"y,z', "é", "a much longer text " * 3]


def check_every_cell_is_what_pandas_and_readstat_read(context):
    folder = context.folder()
    files = written(folder, random.Random(5))
    compared = 0
    for ours in read(context, folder, files, "sas_transport"):
        assert "refused" not in ours, f"{ours['file']}: {ours['refused']}"
        readers = [pyreadstat.read_xport(ours["file"])[0]]
        if ours["file"].endswith("wide-5.xpt"):  # Of a last record that ends in blanks pandas makes none.
            readers.append(pandas.read_sas(ours["file"], format="xport", encoding="utf-8"))
        for theirs in readers:
            assert [name.lower() for name in ours["names"]] == [name.lower() for name in theirs.columns], ours["names"]
            assert len(ours["rows"]) == len(theirs), f"{ours['file']}: {len(ours['rows'])} rows, {len(theirs)} there"
            for at, name in enumerate(theirs.columns):
                # Days are numbers to pandas.
                if name in FORMATS and theirs is not readers[0]:
                    continue
                for row, value in enumerate(theirs[name].tolist()):
                    text = ours["rows"][row][at]
                    assert same(text, value), f"{ours['file']} {name} row {row + 1}: we {text!r}, they {value!r}"
                    compared += 1
        assert dict(ours["descriptions"])[ours["names"][0]] == "A real number", ours["descriptions"]
    return f"{len(files)} files, {compared} cells"


def check_damaged_files_are_refused_or_read_as_they_are(context):
    """Nothing in these files says how many records they have: one cut between two cards and two records is shorter."""
    folder = context.folder()
    whole = written(folder, random.Random(6), 30)
    return judge_damaged(context, folder, whole, "sas_transport", 7, first_rows_of(context, folder, whole, "sas_transport"))


def written(folder, chance, rows=ROWS):
    def some(make, missing):
        return [missing if chance.random() < 0.1 else make() for _ in range(rows)]

    moment = lambda: EPOCH + datetime.timedelta(seconds=chance.randint(-(10**9), 2 * 10**9))
    frame = pandas.DataFrame(
        {
            "real": some(lambda: chance.choice([chance.uniform(-1e60, 1e60), 1e-60, 0.1, -1.0, 12345.0]), math.nan),
            "whole": [chance.randint(-(10**9), 10**9) for _ in range(rows)],
            "text": [chance.choice(WORDS) for _ in range(rows)],
            "day": [moment().date() for _ in range(rows)],
            "moment": [moment() for _ in range(rows)],
            "clock": [datetime.time(chance.randrange(24), chance.randrange(60), chance.randrange(60)) for _ in range(rows)],
        }
    )
    files = []
    for version in (5, 8):
        for name, columns in {"wide": list(frame), "narrow": ["real"], "text": ["real", "text"]}.items():
            files.append(folder / f"{name}-{version}.xpt")
            pyreadstat.write_xport(
                frame[columns], str(files[-1]), table_name="judged", file_format_version=version,
                column_labels={"real": "A real number"}, variable_format=FORMATS if name == "wide" else None,
            )
    return files


def same(text, value):
    if value is None or value == "" or value is pandas.NaT or (isinstance(value, float) and math.isnan(value)):
        return text is None
    if isinstance(value, (datetime.date, pandas.Timestamp)):
        return pandas.Timestamp(text) == pandas.Timestamp(value)
    if isinstance(value, datetime.time):
        return text == value.isoformat()
    return float(text) == float(value) if isinstance(value, (int, float)) else text == value
