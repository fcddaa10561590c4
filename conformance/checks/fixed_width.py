"""Text of fixed width: every cell as pandas.read_fwf has it, in several encodings, and the pins that are suggested."""

import json
import random

import pandas

from checks.parquet import convert, tables_of

FILES = 40
WORDS = ["", "a", "São", "two words", '"quoted"', "x,y", "007", "NA", "-1.50", "don't", "12", "日本", "null", "#5"]
ENCODINGS = ["utf-8", "utf-8-sig", "latin-1", "utf-16", "cp932"]


def check_every_cell_is_what_pandas_reads(context):
    chance = random.Random(20261127)
    data = context.folder()
    pins, expected = {}, {}
    for number in range(FILES):
        name = f"file_{number:02}.{chance.choice(['txt', 'dat', 'csv'])}"
        write(chance, data / "fixed" / "widths" / name, pins, expected)
    (data / "fixed/widths/dataset-metadata.json").write_text(json.dumps({"entry": {"files": pins}}), "utf-8")
    lines = convert(context, data)
    assert not [line for line in lines if "error" in line], lines
    tables = {line["table"]: table for line, table in zip(lines, tables_of(lines), strict=True)}
    assert tables.keys() == expected.keys(), f"{sorted(tables)}"
    cells = 0
    for name, frame in expected.items():
        found = tables[name].arrow
        assert found.num_rows == len(frame), f"{name}: {found.num_rows} of {len(frame)} rows"
        for column in frame.columns:
            theirs = [value or None for value in frame[column]]
            ours = found[column].to_pylist()
            assert ours == theirs, f"{name} {column}: {[pair for pair in zip(ours, theirs) if pair[0] != pair[1]][:3]}"
            cells += len(ours)
    return f"{len(expected)} files, {cells:,} cells"


def write(chance, file, pins, expected):
    """Columns with gaps between them or none, cells to the left or right, ends of lines that are cut."""
    encoding = chance.choice(ENCODINGS)
    words = [word for word in WORDS if can_encode(word, encoding)]
    columns, at = [], chance.randint(0, 3)
    for number in range(chance.randint(1, 6)):
        width = chance.randint(1, 12)
        columns.append((f"c{number}", at, at + width))
        at += width + chance.choice([0, 0, 1, 3])
    lines = [" " * chance.randint(0, 5) + "A title" for _ in range(chance.randint(0, 2))]
    skipped = len(lines)
    for _ in range(chance.randint(1, 60)):
        line = ""
        for _name, begin, end in columns:
            word = chance.choice(words)[: end - begin]
            line = line.ljust(begin) + (word.rjust if chance.random() < 0.5 else word.ljust)(end - begin)
        lines.append(line.rstrip() if chance.random() < 0.5 else line)
    file.parent.mkdir(parents=True, exist_ok=True)
    end = chance.choice(["\n", "\r\n"])
    # A file of blanks alone has no record.
    lines.append("z".rjust(columns[-1][2]))
    file.write_bytes((end.join(lines) + end * chance.randint(0, 1)).encode(encoding))
    fixed_width = [{"name": name, "from": begin + 1, "to": to} for name, begin, to in columns]
    csv = {"fixed_width": fixed_width, "skip_lines": skipped}
    # Of a mark at the start no one need be told.
    if encoding in ("latin-1", "cp932"):
        csv["encoding"] = encoding
    pins[file.name] = {"csv": csv, "columns": {name: "VARCHAR" for name, *_ in columns}}
    expected[file.stem] = pandas.read_fwf(
        file,
        colspecs=[(begin, to) for _name, begin, to in columns],
        names=[name for name, *_ in columns],
        **{"header": None, "skiprows": skipped, "dtype": str, "keep_default_na": False, "encoding": encoding},
    )


def can_encode(word, encoding):
    try:
        word.encode(encoding)
        return True
    except UnicodeEncodeError:
        return False
