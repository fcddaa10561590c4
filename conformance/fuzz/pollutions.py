"""What becomes of tables on their way: each function gives the lines anew, or nothing where it does not apply."""
from __future__ import annotations

import re

from mishaps import MISHAPS

AT_LINE_ENDS = "a delimiter at the end of each line"
WORDS = "autumn Berlin canal depot estate Figures ground harbour income July".split()


def pollute(draw, table, lines, write) -> list[str]:
    """`table.pollutions` says what was done; `write` makes a line of a record."""
    return draw.choice(POLLUTIONS)(draw, table, lines, write) or lines


def title(draw) -> str:
    mark = draw.choice(["", "", "", ",", ";", '"', "'", ":", "|", "\t"])
    return f" {mark}".join(draw.choice(WORDS) for _ in range(draw.randint(1, 6))) + draw.choice(["", ".", "!"])


def titled(draw, table, lines, _write):
    count = draw.randint(1, 3)
    table.pollutions.append("titles")
    pad = table.delimiter * (len(table.rows[0]) - 1 if table.rows and draw.random() < 0.4 else 0)
    above = [f"{title(draw)}{pad}" for _ in range(count)]
    return above + ([""] if draw.random() < 0.4 else []) + lines


def commented(draw, table, lines, _write):
    table.pollutions.append("comments")
    return [f"# {draw.choice(WORDS)} {draw.choice(WORDS)}" for _ in range(draw.randint(1, 4))] + lines


def footed(draw, table, lines, _write):
    table.pollutions.append("footer")
    foot = [draw.choice(["Source: the office", "Total: 12", "* provisional", "Notes, and more notes", "(c) somebody"])]
    return lines + ([""] if draw.random() < 0.5 else []) + foot * draw.randint(1, 2)


def blank_lines(draw, table, lines, _write):
    if not table.rows or len(table.rows[0]) < 2:
        return None
    table.pollutions.append("a blank line")
    at = draw.randint(0, len(lines))
    return lines[:at] + [draw.choice(["", "", "  "])] + lines[at:]


def short_row(draw, table, lines, write):
    if not table.rows or len(table.rows[0]) < 3:
        return None
    table.pollutions.append("a short row")
    at = draw.randint(1, len(lines))
    return lines[:at] + [write(table.rows[0][:-1]) + at_line_ends(table)] + lines[at:]


def long_row(draw, table, lines, write):
    if not table.rows:
        return None
    table.pollutions.append("a long row")
    at = draw.randint(1, len(lines))
    return lines[:at] + [write([*table.rows[0], "more"]) + at_line_ends(table)] + lines[at:]


def open_quote(draw, table, lines, _write):
    if len(lines) < 2:
        return None
    table.pollutions.append("a quote too many")
    at = draw.randrange(len(lines))
    line = lines[at]
    place = draw.randint(0, len(line))
    return [*lines[:at], line[:place] + (table.quote or '"') + line[place:], *lines[at + 1 :]]


def lost_delimiter(draw, table, lines, _write):
    # Within quotes it is no delimiter. Were it lost from all lines, they would be another table, and a regular one;
    # so would a row be that has one too many.
    usual = (len(table.rows[0]) - 1 if table.rows else 0) + len(at_line_ends(table)) // len(table.delimiter)
    found = [
        at
        for at, line in enumerate(lines)
        if table.delimiter in line.strip(table.delimiter) and '"' not in line and "'" not in line
        and line.count(table.delimiter) <= usual
    ]
    if not found or len(lines) < 3 or "a delimiter lost" in table.pollutions:
        return None
    table.pollutions.append("a delimiter lost")
    at = draw.choice(found)
    return [*lines[:at], lines[at].replace(table.delimiter, "", 1), *lines[at + 1 :]]


def trailing_delimiter(_draw, table, lines, _write):
    if table.delimiter == " " or not table.rows or any("\n" in cell for row in table.rows for cell in row):
        return None
    table.pollutions.append(AT_LINE_ENDS)
    return [line + table.delimiter for line in lines]


def at_line_ends(table) -> str:
    """What a line of this file ends with, too."""
    return table.delimiter * table.pollutions.count(AT_LINE_ENDS)


def joined(_draw, table, lines, _write):
    if not table.names or len(table.rows) < 2:
        return None
    table.pollutions.append("two files joined")
    return lines + ["\ufeff" + lines[0], *lines[1:]]


def header_short(_draw, table, lines, write):
    # Without a row nothing tells that a name is missing.
    if not table.names or len(table.names) < 3 or not table.rows:
        return None
    table.pollutions.append("a header one name short")
    return [write(table.names[:-1]), *lines[1:]]


def padded_cells(_draw, table, lines, _write):
    if table.delimiter != ",":
        return None
    table.pollutions.append("blanks behind delimiters")
    # Within quotes it is part of the cell.
    outside = re.compile(rf",(?=(?:[^{table.quote}]*{table.quote}[^{table.quote}]*{table.quote})*[^{table.quote}]*$)" if table.quote else ",")
    return [outside.sub(", ", line) for line in lines]


def delimiter_row(draw, table, lines, _write):
    """As spreadsheets leave them: a row of missing cells, but above the header, where it is nothing."""
    if table.pollutions or not table.rows or len(table.rows[0]) < 2 or " " in table.delimiter:
        return None
    table.pollutions.append("a row of delimiters")
    width = len(table.rows[0])
    above = 1 if table.names else 0
    at = draw.randint(1 - above, len(lines))
    if at >= above:
        table.rows = [*table.rows[: at - above], [""] * width, *table.rows[at - above :]]
    return lines[:at] + [table.delimiter * (width - 1)] + lines[at:]


def header_twice(_draw, table, lines, _write):
    if table.pollutions or not table.names or len(table.names) < 2:
        return None
    table.pollutions.append("a header that stands twice")
    return [lines[0], *lines]


def grouped(draw, table, lines, write):
    """Names that go over several columns, with gaps."""
    if table.pollutions or not table.names or len(table.names) < 3 or not table.rows:
        return None
    table.pollutions.append("a header of two rows")
    groups = [draw.choice(WORDS) if draw.random() < 0.4 else "" for _ in table.names]
    # Without a gap, nothing tells it from a header and a first row of words.
    groups[0] = draw.choice(WORDS)
    groups[draw.randint(1, len(groups) - 1)] = ""
    spread = [next((group for group in reversed(groups[: at + 1]) if group), "") for at in range(len(groups))]
    table.names = [f"{group} {name}".strip() for group, name in zip(spread, table.names)]
    return [write(groups), *lines]


def second_table(draw, table, lines, write):
    """Below a blank line, of as many columns: no reading of both as one is right."""
    if table.pollutions or not table.names or len(table.rows) < 3 or len(table.names) < 3:
        return None
    table.pollutions.append("a second table")
    names = [f"{draw.choice(WORDS)}_{at}" for at in range(len(table.names))]
    return [*lines, "", write(names), *(write(row[::-1]) for row in table.rows)]


POLLUTIONS = [titled, commented, footed, blank_lines, short_row, long_row, open_quote, lost_delimiter]
POLLUTIONS += [trailing_delimiter, joined, header_short, padded_cells]
POLLUTIONS += [delimiter_row, header_twice, grouped, second_table, *MISHAPS]
