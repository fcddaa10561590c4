"""Workbooks of public collections: every cell as openpyxl or calamine has it, and no cell that neither has."""

import datetime
import json
import re
import warnings

import openpyxl
import python_calamine

DAY = datetime.timedelta(days=1)
# What both others get wrong, and what no reader could tell.
KNOWN = {
    "sheet_name_parsing.xls": "calamine takes the texts for UTF-16",
    "biff5-rich-text-string.xls": "calamine leaves the code page of the file out",
    "covered.ods": "a cell that another one covers: nobody sees it",
    "richtext-after-plain.xlsx": "a text that is plain and rich: which one is shown differs",
    "special_cells.ods": "blanks at the end of a text",
    "date.ods": "fractions of a second of a time, which the import says it leaves out",
    "formatted_inline_string.xlsx": "blanks between the runs of a rich text",
}


def check_every_cell_is_what_openpyxl_or_calamine_reads(context):
    folder = context.project / "test/corpus/workbooks"
    files = sorted(str(path) for path in folder.glob("*/*.*") if path.suffix != ".md" and path.name not in KNOWN)
    listed = context.folder() / "workbooks.json"
    listed.write_text(json.dumps(files), "utf-8")
    script = context.project / "conformance/read-workbooks.js"
    lines = context.run(["node", str(script), str(listed)], context.plain_environment()).splitlines()
    cells = compared = refused = 0
    for ours in (json.loads(line) for line in lines if line.startswith("{")):
        if "refused" in ours:
            refused += 1
            continue
        readers = [reader for reader in (by_openpyxl(ours["file"]), by_calamine(ours["file"])) if reader]
        if not readers:
            continue
        compared += 1
        for sheet, found in ours["sheets"].items():
            others = [reader[sheet] for reader in readers if sheet in reader]
            if others:
                cells += compare({(row, column): text for row, column, text in found}, others, f"{ours['file']}#{sheet}")
    assert compared > 100, f"only {compared} workbooks were compared"
    return f"{compared} workbooks, {cells} cells; {refused} refused"


def compare(ours, others, place):
    places = set(ours).union(*others)
    for cell in sorted(places):
        text = ours.get(cell)
        values = [other.get(cell) for other in others]
        assert any(same(text, value) for value in values), f"{place} {cell}: we read {text!r}, others {values!r}"
    return len(places)


def by_openpyxl(file):
    """Cells by sheet; nothing for what it does not open."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, data_only=True)
            return {
                sheet.title: {
                    (cell.row - 1, cell.column - 1): cell.value
                    for row in sheet.iter_rows()
                    for cell in row
                    if cell.value not in (None, "")
                }
                for sheet in book.worksheets
            }
    except Exception:  # It refuses by any of them.
        return None


def by_calamine(file):
    try:
        book = python_calamine.CalamineWorkbook.from_path(file)
        sheets = {}
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            top, left = sheet.start or (0, 0)
            rows = sheet.to_python(skip_empty_area=True)
            sheets[name] = {
                (top + at, left + column): value
                for at, row in enumerate(rows)
                for column, value in enumerate(row)
                if value not in (None, "")
            }
        return sheets
    except BaseException as error:  # A panic of Rust is no Exception.
        if isinstance(error, KeyboardInterrupt):
            raise
        return None


def same(text, value):
    """Ours is a text; the others have classes of Python."""
    if value is None or (isinstance(value, str) and (value.startswith("#") or value.strip() == "")):
        return text is None or text == value or text.strip() == ""
    if text is None:
        return False
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, (int, float)):
        return is_number(text) and abs(float(text) - value) <= 1e-12 * abs(value)
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time, datetime.timedelta)):
        return same_moment(text, value)
    return text.replace("\r\n", "\n").strip() == str(value).replace("\r\n", "\n").replace("_x000D_", "\r").strip()


def is_number(text):
    return re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", text) is not None


def same_moment(text, value):
    """To the millisecond, which is what workbooks are good for."""
    if isinstance(value, datetime.timedelta):
        seconds = value.total_seconds()
        return same_clock(text, seconds)
    if isinstance(value, datetime.time):
        seconds = (datetime.datetime.combine(datetime.date.min, value) - datetime.datetime.min).total_seconds()
        return same_clock(text, seconds)
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    value = value.replace(tzinfo=None)
    try:
        ours = datetime.datetime.fromisoformat(text)
    except ValueError:
        # A duration above a day, which others count from the beginning of 1900.
        return same_clock(text, (value - datetime.datetime(1899, 12, 31)) / DAY * 86400)
    return abs((ours - value).total_seconds()) <= 0.0015


def same_clock(text, seconds):
    match = re.fullmatch(r"(-?)(\d+):(\d\d):(\d\d(?:\.\d+)?)", text)
    if not match:
        return False
    sign, hours, minutes, rest = match.groups()
    ours = (int(hours) * 3600 + int(minutes) * 60 + float(rest)) * (-1 if sign else 1)
    return abs(ours - seconds) <= 0.0015
