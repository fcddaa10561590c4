"""Judges random tables: no cell may differ from the truth unless the reading tells that it may.

python3 conformance/fuzz/judge.py [--tables 1000] [--seed 0] [--faults | --exports] [--parquet] [--keep FOLDER]
"""
from __future__ import annotations

import argparse
import collections
import csv
import datetime
import decimal
import io
import pathlib
import re
import sys
import time

from pollutions import AT_LINE_ENDS
from exports import make_export
from faults import make_fault
from reader import keep, reader
from tables import Table, make_table

csv.field_size_limit(1 << 30)


def rows_of_text(answer: dict) -> list[list[str]]:
    """The text that DuckDB would be given, by Python's `csv`."""
    text = answer["text"].removeprefix("\ufeff")
    for _ in range(answer["skippedLines"]):
        text = text[text.index("\n") + 1 :] if "\n" in text else ""
    width = len(answer["names"])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=answer["delimiter"], strict=True)
    return [row or [""] for row in reader if row or width == 1]


def rows_of_parquet(answer: dict) -> list[list[object]]:
    import pyarrow.parquet as parquet

    rows: list[list[object]] = []
    for file in answer["parquet"]:
        columns = [column.to_pylist() for column in parquet.read_table(file).columns]
        rows += [list(row) for row in zip(*columns)]
    return rows


DAYS = ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y"]


def same_value(value: object, text: str, tokens: list[str]) -> bool:
    if value is None:
        return text.strip() == "" or text in tokens or text.strip() in tokens
    if isinstance(value, str):
        return value == text
    text = text.strip(" ")
    if isinstance(value, bool):
        return str(value).lower() == text.lower()
    if isinstance(value, int):
        return str(value) == text
    if isinstance(value, float):
        return value == float(text)
    if isinstance(value, decimal.Decimal):
        return value == decimal.Decimal(text)
    if isinstance(value, datetime.datetime):
        return str(value).startswith(text[:10])
    if isinstance(value, datetime.date):
        return any(value.strftime(day) == text for day in DAYS)
    return str(value).startswith(text)


def is_right(table: Table, answer: dict) -> bool:
    names = [name.strip(" ") for name in answer["names"]] if answer["header"] else None
    right_names = table.names and [name.strip(" ") for name in table.names]
    parquet = "parquet" in answer
    rows = rows_of_parquet(answer) if parquet else rows_of_text(answer)
    right_rows = table.rows
    if AT_LINE_ENDS in table.pollutions:
        # Each is one more column, without a name and without values.
        extra = len(answer["names"]) - len(right_rows[0])
        right_rows = [row + [""] * extra for row in right_rows]
        right_names = right_names and right_names + [""] * extra
    if right_names is None and len(answer["names"]) == 1 and is_of_values(table):
        # Both readings are right.
        right_rows = [[table.delimiter.join(row)] for row in right_rows]
    bare = bare_for(table)
    if bare:
        names, right_names = ([bare(name) for name in some] if some else some for some in (names, right_names))
    if names != right_names or len(rows) != len(right_rows):
        return False
    tokens = [spelling[2] for spelling in answer["types"]] if parquet else []
    return all(
        len(row) == len(truth) and all(same_cell(row, truth, at, tokens, bare) for at in range(len(row)))
        for row, truth in zip(rows, right_rows)
    )


def is_of_values(table: Table) -> bool:
    """With its delimiter each row is one value to most: a day and a time, a percentage."""
    whole = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|-?\d+(\.\d+)?%"
    return all(re.fullmatch(whole, table.delimiter.join(row)) for row in table.rows)


def same_cell(row, truth, at, tokens, bare) -> bool:
    value, text = row[at], truth[at]
    if bare:
        value, text = bare(value) if isinstance(value, str) else value, bare(text)
    return same_value(value, text, tokens[at]) if tokens else value == text


def bare_for(table: Table):
    """Blanks beside fields, and a quote where no field is quoted, may be kept: both are what the file says."""
    quote = table.quote or '"'
    has_blanks = table.delimiter == ", " or "blanks behind delimiters" in table.pollutions
    has_quotes = table.pollutions.count("a quote too many") >= table.bytes.decode(table.encoding).count(quote) > 0
    if not has_blanks and not has_quotes:
        return None
    return lambda text: (text.replace(quote, "") if has_quotes else text).strip(" " if has_blanks else "")


def is_told(answer: dict) -> bool:
    return "refused" in answer or bool(answer["warnings"]) or answer["rejects"] > 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--faults", action="store_true", help="of a kind that people have met")
    parser.add_argument("--exports", action="store_true", help="as people's programs write them")
    parser.add_argument("--parquet", action="store_true")
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    make = make_fault if options.faults else make_export if options.exports else make_table
    outcomes: collections.Counter[str] = collections.Counter()
    by_pollution: collections.Counter[str] = collections.Counter()
    began = time.monotonic()
    with reader("parquet" if options.parquet else "text") as read:
        for seed in range(options.seed, options.seed + options.tables):
            table = make(seed)
            answer = read(table.bytes)
            told = is_told(answer)
            try:
                right = "refused" not in answer and (told or not table.must_tell) and is_right(table, answer)
            except (csv.Error, ValueError) as error:
                right, answer["error"] = False, str(error)
            outcome = f"{'right' if right else 'wrong'} and {'told' if told else 'silent'}"
            if answer.get("refused") == "CRASHED":
                outcome = "crashed"
            outcomes[outcome] += 1
            if not table.pollutions:
                outcomes[f"clean: {outcome}"] += 1
            if outcome in ("wrong and silent", "crashed"):
                by_pollution[f"{outcome}: {', '.join(sorted(set(table.pollutions))) or 'clean'}"] += 1
                if options.keep:
                    truth = {"names": table.names, "rows": table.rows[:5], "encoding": table.encoding,
                             "delimiter": table.delimiter, "pollutions": table.pollutions, "answer": answer}
                    keep(options.keep, seed, table.bytes, truth)
    seconds = time.monotonic() - began
    print(f"{options.tables} tables from seed {options.seed} in {seconds:.0f} s")
    for outcome, times in sorted(outcomes.items()):
        print(f"{times:8} {outcome}")
    for pollution, times in by_pollution.most_common():
        print(f"{times:8}   {pollution}")
    return 1 if outcomes["wrong and silent"] + outcomes["crashed"] else 0


if __name__ == "__main__":
    sys.exit(main())
