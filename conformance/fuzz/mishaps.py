"""What hands and tools do to files that were good: joined, commented, spaced and split; as `pollutions.py`, whose list it adds to."""
from __future__ import annotations

WORDS = "acreage bureau Council dairy export Freight grain harvest Island quarter".split()


def joined_otherwise(draw, table, lines, write):
    """With another file whose header is not the same: nothing tells which names its rows have."""
    if table.pollutions or not table.names or len(table.rows) < 2 or len(table.names) < 2:
        return None
    table.pollutions.append("joined with another header")
    names = list(table.names)
    for at in range(len(names)):
        if draw.random() < 0.5:
            names[at] = f"{names[at]}_2" if draw.random() < 0.5 else draw.choice(WORDS)
    if draw.random() < 0.3:
        names = names[::-1]
    # Without a name in common nothing would tell it from a row of words.
    if not set(names) & set(table.names):
        names[0] = table.names[0]
    if names == table.names:
        names[-1] = "other"
    rows = [row[::-1] for row in table.rows] if draw.random() < 0.3 else table.rows
    mark = "\ufeff" if draw.random() < 0.3 else ""
    return [*lines, mark + write(names), *(write(row) for row in rows)]


def units(draw, table, lines, write):
    """Below the names, what their values are measured in."""
    if table.pollutions or not table.names or len(table.names) < 2 or len(table.rows) < 2:
        return None
    table.pollutions.append("a row of units")
    below = [draw.choice(["kg", "%", "EUR", "m", "", "text"]) for _ in table.names]
    below[0] = below[0] or "unit"
    table.names = [f"{name} {unit}".strip() for name, unit in zip(table.names, below)]
    return [lines[0], write(below), *lines[1:]]


def remarked(draw, table, lines, _write):
    """In the marks of other tools than Python's."""
    table.pollutions.append("remarks")
    mark = draw.choice(["//", "%", ";", "--", "!", "*", "##", "REM"])
    return [f"{mark} {draw.choice(WORDS)} {draw.choice(WORDS)}" for _ in range(draw.randint(1, 4))] + lines


def remark_within(draw, table, lines, _write):
    if not table.rows or len(table.rows[0]) < 2:
        return None
    table.pollutions.append("a remark within")
    at = draw.randint(1, len(lines))
    return [*lines[:at], f"# {draw.choice(WORDS)} {draw.choice(WORDS)}", *lines[at:]]


def summed(draw, table, lines, write):
    """A line of totals that has as many fields as the others may be a row like them: it is one to us."""
    if table.pollutions or not table.rows or len(table.rows[0]) < 2:
        return None
    table.pollutions.append("totals")
    totals = ["Total", *(draw.choice(["", str(draw.randint(0, 999))]) for _ in table.rows[0][1:])]
    table.rows = [*table.rows, totals]
    return [*lines, write(totals)]


def ruled(draw, table, lines, _write):
    """A line of dashes below the names, as consoles draw it."""
    if table.pollutions or not table.names or len(table.names) < 2 or not table.rows:
        return None
    table.pollutions.append("a ruled line")
    return [lines[0], table.delimiter.join("-" * draw.randint(3, 9) for _ in table.names), *lines[1:]]


def spaced_lines(_draw, table, lines, _write):
    """By line ends that were made twice."""
    if table.pollutions or not table.rows or len(table.rows[0]) < 2:
        return None
    table.pollutions.append("a blank line behind each")
    return [line for one in lines for line in (one, "")][:-1]


def thousands(draw, table, lines, write):
    """`1,234` without quotes, in some rows or in all."""
    if table.pollutions or table.delimiter not in ",." or not table.rows or table.quote != '"':
        return None
    table.pollutions.append("thousands that split")
    at = draw.randrange(len(table.rows[0]))
    share = draw.choice([1, 1, 0.3])
    first = 1 if table.names else 0
    rows, found = [], list(lines[:first])
    for row, line in zip(table.rows, lines[first:]):
        if draw.random() < share:
            number = f"{draw.randint(1, 999)}{table.delimiter}{draw.randint(0, 999):03}"
            rows.append([*row[:at], number, *row[at + 1 :]])
            found.append(table.delimiter.join(number if index == at else write([cell]) for index, cell in enumerate(row)))
        else:
            rows.append(row)
            found.append(line)
    table.rows = rows
    return found


def cut(draw, table, lines, _write):
    """The last line ends before its last field begins: a download that broke off."""
    # A long row that loses what it has too many of is one like the others.
    if not table.rows or len(table.rows[0]) < 2 or len(lines) < 3 or "a long row" in table.pollutions:
        return None
    end = lines[-1].rfind(table.delimiter)
    if end <= 0 or any("\n" in cell or table.delimiter in cell for cell in table.rows[-1]):
        return None
    rest = lines[-1][: draw.randint(1, end)]
    if not rest.strip(table.delimiter + " \t"):
        return None
    table.pollutions.append("cut short")
    return [*lines[:-1], rest]


MISHAPS = [joined_otherwise, units, remarked, remark_within, summed, ruled, spaced_lines, thousands, cut]
