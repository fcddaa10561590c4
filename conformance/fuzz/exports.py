"""Makes tables as people's programs export them: banks, loggers, surveys, R, pandas, Excel in many places; what is right for each is known."""
from __future__ import annotations

import csv
import io
import random

from tables import Table

PEOPLE = "Anna Schmidt|Jean-Luc Moreau|Søren Østergaard|María José Núñez|O'Brien, Pat|Li Wei|Zoë Ng|Иван Петров|佐藤 花子|Bob".split("|")
SHOPS = "REWE Markt 0815|Amazon EU S.a.r.l.|Stadtwerke, Abschlag|Gehalt 03/2021|SHELL 4711|Café \"Zum Löwen\"|ATM 12:30|Miete".split("|")
ANSWERS = "Agree|Disagree|Neither agree nor disagree|Strongly agree|Don't know|Yes|No|Prefer not to say".split("|")
CITIES = "Oslo|New York|Köln|São Paulo|Kraków|St. John's|Aix-en-Provence|Tokyo|Washington, D.C.|Bern".split("|")
CODES = "A1|B-12|C_3|NA|X|ok|fail|007|1e5|n/a".split("|")
NOTHING = ["", "NA", "NULL", "-", "N/A", "?", "nan", "#N/A", "."]


def number(draw, decimal=".", thousands="", digits=2) -> str:
    text = f"{draw.uniform(-9999, 99999):{',' if thousands else ''}.{digits}f}"
    return text.replace(",", "T").replace(".", decimal).replace("T", thousands)


def day(draw, order) -> str:
    y, m, d = draw.randint(1990, 2029), draw.randint(1, 12), draw.randint(1, 28)
    return {"iso": f"{y}-{m:02}-{d:02}", "de": f"{d:02}.{m:02}.{y}", "gb": f"{d:02}/{m:02}/{y}", "us": f"{m}/{d}/{y}",
            "short": f"{d}-{'JanFebMarAprMayJunJulAugSepOctNovDec'[3 * m - 3 : 3 * m]}-{y % 100:02}", "basic": f"{y}{m:02}{d:02}"}[order]


def write(rows, delimiter=",", quote=csv.QUOTE_MINIMAL, newline="\r\n", **more) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=quote, lineterminator=newline, **more).writerows(rows)
    return text.getvalue()


class Export:
    """`must_tell` where no reading is right without a word."""

    def __init__(self, names, rows, text, delimiter=",", encoding="utf-8", must_tell=False):
        self.names, self.rows, self.text = names, rows, text
        self.delimiter, self.encoding, self.must_tell = delimiter, encoding, must_tell


def height(draw) -> int:
    return draw.choice([1, 1, 2, 3, 5, 9, 20, 60, 200])


def bank(draw):
    """A block of the account above, a semicolon, decimal commas, and often a line of the balance below."""
    names = ["Buchungstag", "Wertstellung", "Auftraggeber", "Verwendungszweck", "Betrag (EUR)", "Saldo"]
    rows = [[day(draw, "de"), day(draw, "de"), draw.choice(PEOPLE), draw.choice(SHOPS), number(draw, ",", "."), number(draw, ",", ".")] for _ in range(height(draw))]
    quote = draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    above = draw.choice([[], [["Konto", "DE02 1203 0000 0000 2020 51"], ["Zeitraum", "01.01.2021 - 31.03.2021"], []], [["Umsätze Girokonto", "", "", "", "", ""], []], [["Kontostand vom 31.12.2020:", "1.234,56 EUR"]]])
    below = draw.choice([[], [], [["Saldo", "", "", "", "", "1.234,56"]], [["Endsaldo", "31.03.2021", "", "", "1.234,56", "EUR"]]])
    # A last line of as many fields is a row to who does not know the bank.
    kept = rows + [line for line in below if len(line) == 6]
    return Export(names, kept, write(above + [names] + rows + below, ";", quote), ";", draw.choice(["cp1252", "utf-8", "utf-8-sig"]) if not_foreign(rows) else "utf-8", bool(below) or bool(above))


def not_foreign(rows) -> bool:
    return all(ord(mark) < 256 for row in rows for cell in row for mark in cell)


def logger(draw):
    """A banner, names, units, and readings with gaps."""
    width = draw.randint(2, 6)
    names = ["Date/Time", *draw.sample(["Temp", "RH", "Pressure", "Wind", "Batt", "CO2", "PM2.5", "Rain"], width)]
    empty = draw.choice(NOTHING)
    rows = [[f"{day(draw, 'iso')} {draw.randint(0, 23):02}:{draw.randint(0, 59):02}:00", *(number(draw, digits=draw.randint(0, 3)) if draw.random() > 0.1 else empty for _ in range(width))] for _ in range(height(draw))]
    units = draw.random() < 0.4
    banner = draw.choice([[], [], ["Serial number: 10428391"], ["Plot Title: Roof 3"], ["# logger 3, firmware 1.20", "# site: north"], ["TOA5", "Station 12"]])
    lines = [names] + ([["", *(draw.choice(["degC", "%", "hPa", "m/s", "V", "ppm"]) for _ in range(width))]] if units else []) + rows
    delimiter = draw.choice([",", ",", "\t", ";"])
    newline = draw.choice(["\r\n", "\n"])
    text = "".join(line + newline for line in banner) + write(lines, delimiter, newline=newline)
    return Export(names, rows, text, delimiter, must_tell=units or bool(banner))


def survey(draw):
    """Questions as names, below them often their codes; answers with commas, quotes and line ends."""
    questions = draw.sample(["Q1. How old are you?", "Q2. Do you agree, in general, that \"data\" matters?", "Timestamp", "Any other comments?", "Email Address", "Country of residence", "Score"], draw.randint(2, 6))
    rows = [[answer(draw, question) for question in questions] for _ in range(height(draw))]
    codes = draw.random() < 0.25
    second = [[f"Q{at + 1}" for at in range(len(questions))]] if codes else []
    return Export(questions, rows, write([questions] + second + rows, quote=draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), newline=draw.choice(["\n", "\r\n"])), must_tell=codes)


def answer(draw, question) -> str:
    if question == "Timestamp":
        return f"{day(draw, 'us')} {draw.randint(0, 23)}:{draw.randint(0, 59):02}:{draw.randint(0, 59):02}"
    if question.startswith("Q1") or question == "Score":
        return draw.choice([str(draw.randint(16, 90)), ""])
    if question == "Email Address":
        return f"p{draw.randint(1, 999)}@example.org"
    if question.startswith("Country"):
        return draw.choice(CITIES)
    return draw.choice([*ANSWERS, "It is \"fine\", I think", "two\nlines", "", "a; b; c"])


def write_table(draw):
    """R's: row names, for which the header has one name less, or an empty one (`write.csv`)."""
    width = draw.randint(2, 5)
    names = draw.sample(["mpg", "Sepal.Length", "cyl", "Species", "x", "y", "V1", "weight"], width)
    words = draw.random() < 0.5
    kinds = [draw.choice([number, lambda one: draw.choice(CITIES)]) for _ in names]
    count = height(draw)
    rows = [[draw.choice(CITIES) + str(at) if words else str(at + 1), *(draw.choice([kind(draw), "NA"]) if draw.random() < 0.1 else kind(draw) for kind in kinds)] for at in range(count)]
    is_csv = draw.random() < 0.6
    delimiter = draw.choice([",", ";"]) if is_csv else draw.choice([" ", "\t"])
    head = ["", *names] if is_csv else names
    text = "\n".join(delimiter.join(cell if is_bare(cell) else f'"{cell}"' for cell in row) for row in [head, *rows]) + "\n"
    return Export(["", *names], rows, text, delimiter, must_tell=not is_csv)


def is_bare(cell) -> bool:
    return cell == "NA" or cell.replace(".", "", 1).lstrip("-").isdigit()


def frame(draw):
    """pandas': an index without a name, of numbers, days or words, or two rows of names."""
    width = draw.randint(1, 5)
    names = draw.sample(["price", "volume", "city", "open", "label", "Unnamed: 3", "close"], width)
    if draw.random() < 0.15:
        names = [str(at) for at in range(width)]
    count = height(draw)
    index = draw.choice([lambda at: str(at), lambda at: day(draw, "iso"), lambda at: f"item_{at}"])
    kinds = [draw.choice([number, lambda one: draw.choice(CITIES), lambda one: draw.choice(["True", "False"])]) for _ in names]
    rows = [[index(at), *(kind(draw) for kind in kinds)] for at in range(count)]
    if draw.random() < 0.3:
        top = ["", *(draw.choice(["mean", "std"]) for _ in names)]
        return Export([], rows, write([top, ["", *names], *rows], newline="\n"), must_tell=True)
    return Export(["", *names], rows, write([["", *names], *rows], newline="\n"))


def excel(draw):
    """Saved as CSV in some country: its list separator, its decimal mark, its dates, empty columns and rows at the end."""
    comma = draw.random() < 0.6
    delimiter, order = (";", "de") if comma else (",", draw.choice(["us", "gb", "short"]))
    names = draw.sample(["Artikel", "Menge", "Preis", "Datum", "Kunde", "Code", "Bemerkung"], draw.randint(3, 6))
    person = lambda: draw.choice(PEOPLE + CITIES)
    kinds = {"Menge": lambda: str(draw.randint(0, 999)), "Preis": lambda: number(draw, "," if comma else ".", draw.choice(["", "." if comma else ","])), "Datum": lambda: day(draw, order), "Code": lambda: draw.choice(CODES)}
    rows = [["" if draw.random() < 0.08 else kinds.get(name, person)() for name in names] for _ in range(height(draw))]
    told = False
    lines = [names, *rows]
    if draw.random() < 0.15:
        lines = [[*line, ""] for line in lines]
        names, rows = [*names, ""], [[*row, ""] for row in rows]
    if draw.random() < 0.15:
        empty = [[""] * len(names)] * draw.randint(1, 3)
        lines, rows = [*lines, *empty], [*rows, *empty]
    if draw.random() < 0.2:
        lines = [["Umsatz 2021", *[""] * (len(names) - 1)], [""] * len(names), *lines]
        told = True
    return Export(names, rows, write(lines, delimiter), delimiter, "cp1252" if not_foreign(lines) and draw.random() < 0.5 else "utf-8-sig", told)


def numbers(draw):
    """Readings alone, without names: a matrix of a program."""
    width = draw.randint(2, 12)
    kinds = [draw.choice([lambda: str(draw.randint(0, 9)), lambda: str(draw.randint(-500, 5000)), lambda: f"{draw.gauss(0, 1):.{draw.randint(2, 8)}f}", lambda: f"{draw.random():.6e}"]) for _ in range(width)]
    rows = [[kind() for kind in kinds] for _ in range(max(3, height(draw)))]
    delimiter = draw.choice([",", ",", "\t", " ", ";"])
    return Export(None, rows, write(rows, delimiter, newline=draw.choice(["\n", "\r\n"])), delimiter)


def dump(draw):
    """Of a database: `\\N`, backslashes, no names, all quoted or none."""
    rows = [[str(at + 1), draw.choice([*PEOPLE, "\\N"]), day(draw, "iso"), draw.choice(["\\N", number(draw)])] for at in range(height(draw))]
    names = draw.choice([None, ["id", "full_name", "created_on", "amount"]])
    lines = ([names] if names else []) + rows
    if draw.random() < 0.5:
        return Export(names, rows, "".join("\t".join(line) + "\n" for line in lines), "\t")
    return Export(names, rows, write(lines, quote=csv.QUOTE_ALL, newline="\n"))


def header_only(draw):
    names = draw.sample(["id", "name", "created at", "Amount (USD)", "is_active", "Ort"], draw.randint(2, 5))
    notes = draw.choice([[], [], ["No data available"], ["0 rows returned"], ["Source: office", "Last updated 2021-01-01"]])
    return Export(names, [], write([names], newline="\n") + "".join(f"{note}\n" for note in notes), must_tell=bool(notes))


def query(draw):
    """What consoles of databases print: counts below."""
    names = draw.sample(["id", "name", "city", "total", "day"], draw.randint(2, 5))
    kinds = {"id": lambda: str(draw.randint(1, 99999)), "total": lambda: number(draw), "day": lambda: day(draw, draw.choice(["iso", "gb", "basic"]))}
    rows = [[kinds.get(name, lambda: draw.choice(CITIES))() for name in names] for _ in range(height(draw))]
    delimiter = draw.choice([",", "|", "\t"])
    note = draw.choice(["", f"({len(rows)} rows)", f"{len(rows)} rows selected.", "-- end of file --"])
    text = write([names, *rows], delimiter, newline="\n") + (draw.choice(["", "\n"]) + note + "\n" if note else "")
    return Export(names, rows, text, delimiter, must_tell=bool(note))


def appended(draw):
    """Written by several programs: other line ends, a mark of order and the names within."""
    made = draw.choice([query, frame, excel])(draw)
    lines = made.text.splitlines(keepends=True)
    if made.must_tell or len(lines) < 4 or any('"' in line for line in lines):
        return made
    at = draw.randint(2, len(lines) - 1)
    first, second = "".join(lines[:at]), "".join(lines[at:])
    kind = draw.choice(["ends", "mark", "names"])
    if kind == "ends":
        made.text = first.replace("\r\n", "\n") + second.replace("\r\n", "\n").replace("\n", "\r\n")
    else:
        made.text, made.must_tell = first + ("\ufeff" if kind == "mark" else lines[0]) + second, True
    return made


EXPORTS = [bank, logger, survey, write_table, frame, excel, numbers, dump, header_only, query, appended]


def make_export(seed: int) -> Table:
    """The same table for the same seed."""
    draw = random.Random(seed)
    maker = draw.choice(EXPORTS)
    made = maker(draw)
    kind = maker.__name__.replace("_", " ")
    encoding = made.encoding if not_foreign([[made.text]]) else "utf-8"
    return Table(seed, made.text.encode(encoding), made.names, made.rows, encoding, made.delimiter, '"', [kind] if made.must_tell else [], made.must_tell)
