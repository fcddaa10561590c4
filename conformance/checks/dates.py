"""Days and moments in every spelling that is proven, as Python's strftime writes and strptime reads them."""

import csv
import datetime
import itertools
import json
import pathlib
import random

import pyarrow.parquet

ROWS = 50
SEED = 20261127
WIDTH = 100
MARKS = ["/", "-", "."]
CLOCKS = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%-H:%M", "%-H:%M:%S", "%I:%M %p", "%-I:%M%p", "%I:%M:%S %p"]


def spellings(chance):
    """Of days, and of moments: each a strftime format, and whether some order of day and month has to be proven."""
    numbers = [
        (order.replace("/", mark), order != "%Y/%m/%d")
        for order, mark in itertools.product(
            ["%d/%m/%Y", "%-d/%-m/%Y", "%m/%d/%Y", "%-m/%-d/%Y", "%Y/%m/%d", "%Y/%-m/%-d"], MARKS
        )
    ]
    months = [
        (spelled.replace("MON", month).replace("DAY", day), False)
        for spelled, month, day in itertools.product(
            ["DAY MON %Y", "DAY-MON-%Y", "DAY/MON/%Y", "DAY.MON.%Y", "DAYMON%Y", "MON DAY, %Y", "MON DAY %Y", "%Y-MON-DAY", "%Y MON DAY"],
            ["%b", "%B"],
            ["%d", "%-d"],
        )
    ]
    for day, is_open in numbers + months:
        yield day, is_open
        for clock in chance.sample(CLOCKS, 2):
            yield f"{day}{chance.choice([' ', 'T', ', '])}{clock}", is_open


def check_every_spelling_is_what_python_reads(context):
    data, output, chance = context.folder(), context.folder(), random.Random(SEED)
    every = list(spellings(chance))
    tables = [every[at : at + WIDTH] for at in range(0, len(every), WIDTH)]
    ways = {"proven": 31, "open": 12, "wrong": 31}
    columns = {}
    for (number, table), way in itertools.product(enumerate(tables), ways):
        folder = data / way / str(number)
        folder.mkdir(parents=True)
        columns[f"{way}/{number}"] = [column(spelling, ways[way], way == "wrong", chance) for spelling, _ in table]
        with open(folder / "days.csv", "w", newline="") as file:
            csv.writer(file).writerows([[f"c{at}" for at in range(len(table))], *zip(*columns[f"{way}/{number}"], strict=True)])
    context.run(["node", str(context.project / "conformance/convert-samples.js"), str(data), str(output)], context.plain_environment())
    compared = 0
    for said in json.loads((output / "converted.json").read_text("utf-8")):
        assert "error" not in said, said
        way, number = said["ref"].split("/")
        description = json.loads(pathlib.Path(said["workDirectory"], said["descriptionFile"]).read_text("utf-8"))
        (part,) = description["result"]["parts"]
        values = pyarrow.parquet.read_table(pathlib.Path(said["workDirectory"], part["file"])).columns
        for (spelling, is_open), texts, found in zip(tables[int(number)], columns[said["ref"]], values, strict=True):
            is_text = way == "wrong" or (way == "open" and is_open)
            read = texts if is_text else [parsed(text, spelling) for text in texts]
            assert found.to_pylist() == read, f"{way} {spelling}: {texts[:3]} became {found.to_pylist()[:3]}"
            compared += len(read)
    return f"{compared} values of {sum(map(len, tables))} spellings"


def column(spelling, last_day, is_wrong, chance):
    """Texts of that spelling; a wrong one among them is a day that no month has."""
    moments = [
        datetime.datetime(chance.randint(1000, 9999), chance.randint(1, 12), chance.randint(1, min(last_day, 28)), chance.randint(0, 23), chance.randint(0, 59), chance.randint(0, 59), chance.randint(0, 999999))
        for _ in range(ROWS)
    ]
    if last_day > 12:
        moments[chance.randrange(ROWS)] = datetime.datetime(2000, 1, 28, 13, 5)
    texts = [moment.strftime(spelling) for moment in moments]
    if is_wrong:
        texts[chance.randrange(ROWS)] = datetime.datetime(2001, 2, 28).strftime(spelling).replace("28", "30")
    return texts


def parsed(text, spelling):
    moment = datetime.datetime.strptime(text, spelling.replace("%-", "%"))
    return moment if "%H" in spelling or "%-H" in spelling or "%p" in spelling else moment.date()
