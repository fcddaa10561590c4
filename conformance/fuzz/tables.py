"""Makes tables in random dialects, encodings and pollutions, and knows what is right for each."""
from __future__ import annotations

import random
import string
from dataclasses import dataclass, field

from pollutions import pollute

DELIMITERS = [","] * 16 + [";"] * 8 + ["\t"] * 10 + ["|"] * 6 + [":", "::", "~", "^", " ", "||", ", "] * 2
# Nobody's standard, and somebody's file.
DELIMITERS += [".", "#", "/", "=", "->", "-", "_", "&", "!", "%", "$", "\x1f", "¦", "  ", " | ", ";;", "\u3000"]
ENCODINGS = ["utf-8"] * 12 + ["utf-8-sig"] * 2 + ["utf-16", "cp1252", "cp1250", "cp1251", "koi8-r", "shift_jis", "gbk"]
USUAL_NAMES = ["id", "name", "date", "year", "city", "country", "price", "amount", "value", "code", "type", "lat", "lon"]
WORDS = "alpha bravo Charlie delta echo foxtrot Golf hotel India juliet kilo Lima red green blue north south".split()
LOCAL = {
    "cp1252": "Müller Señor français Zürich Ångström niño château façade garçon Køb Übung".split(),
    "cp1250": "Łódź Gdańsk Dvořák žluťoučký kůň Kraków Wrocław święto Škoda čeština".split(),
    "cp1251": "Москва Санкт Петербург Казань улица город дерево Новосибирск река".split(),
    "koi8-r": "Москва Санкт Петербург Казань улица город дерево Новосибирск река".split(),
    "shift_jis": "東京 大阪 京都 名古屋 さくら カタカナ 日本 新宿".split(),
    "gbk": "北京 上海 广州 深圳 中国 人民 大学 公司".split(),
}
LOCAL["utf-8"] = sorted({word for words in LOCAL.values() for word in words})
LOCAL["utf-8-sig"] = LOCAL["utf-16"] = LOCAL["utf-8"]


@dataclass
class Table:
    """`names` and `rows` are what is right; another reading is allowed only if it is told."""

    seed: int
    bytes: bytes
    names: list[str] | None
    rows: list[list[str]]
    encoding: str
    delimiter: str
    quote: str
    pollutions: list[str] = field(default_factory=list)
    """No reading of it is right without a word."""
    must_tell: bool = False


def make_table(seed: int) -> Table:
    """The same table for the same seed."""
    draw = random.Random(seed)
    encoding = draw.choice(ENCODINGS)
    delimiter = draw.choice(DELIMITERS)
    width = draw.choice([1, 2, 2, 3, 3, 3, 4, 5, 6, 8, 20])
    height = draw.choice([0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 60, 250])
    quote = draw.choice(['"'] * 7 + ["'", ""])
    backslash = quote == '"' and draw.random() < 0.08
    kinds = [draw.choice(KINDS) for _ in range(width)]
    rows = [[kind(draw, encoding) for kind in kinds] for _ in range(height)]
    names = [name_of(draw, at, encoding) for at in range(width)] if draw.random() < 0.8 or delimiter == "." else None
    if quote == "":
        # Blanks alone would be none of a cell.
        nothing = "x" if delimiter.isspace() else ""
        rows = [[plain(cell, delimiter) or nothing for cell in row] for row in rows]
        names = names and [plain(name, delimiter) for name in names]
    style = draw.choice(["minimal"] * 3 + ["all", "text", "some"])
    newline = draw.choice(["\n"] * 6 + ["\r\n"] * 3 + ["\r"])

    def write(record: list[str]) -> str:
        return delimiter.join(write_cell(draw, cell, delimiter, quote, backslash, style, width) for cell in record)

    lines = [write(record) for record in ([names] if names else []) + rows]
    table = Table(seed, b"", names, rows, encoding, delimiter, quote)
    # Of one column, what stands above, below and within cannot be told from its cells.
    while width > 1 and draw.random() < 0.35:
        lines = pollute(draw, table, lines, write)
    text = newline.join(lines)
    # Of one column, a blank line is a record; a last one without its line end is nothing at all.
    if lines and (draw.random() < 0.85 or lines[-1] == ""):
        text += newline * (2 if width > 1 and draw.random() < 0.05 else 1)
    try:
        table.bytes = text.encode(encoding)
    except UnicodeEncodeError:
        table.encoding = "utf-8"
        table.bytes = text.encode("utf-8")
    if draw.random() < 0.03:
        table.bytes += b"\x1a"
        table.pollutions.append("end mark")
    return table


def plain(cell: str, delimiter: str) -> str:
    """What can stand without quotes."""
    for mark in {*delimiter, '"', "'", "\n", "\r"}:
        cell = cell.replace(mark, "")
    return cell


def write_cell(draw, cell, delimiter, quote, backslash, style, width) -> str:
    if quote == "":
        return cell
    blank_alone = (width == 1 or not delimiter.strip(" ")) and cell == ""
    must = any(mark in cell for mark in (delimiter, quote, "\n", "\r")) or cell != cell.strip(" ") or blank_alone
    if delimiter == ", ":
        must = must or "," in cell
    wants = style == "all" or (style == "text" and not is_number(cell) and cell != "") or (style == "some" and draw.random() < 0.3)
    if not must and not wants:
        return cell
    if backslash:
        return quote + cell.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote
    return quote + cell.replace(quote, quote * 2) + quote


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def word(draw, encoding) -> str:
    return draw.choice(WORDS) if draw.random() < 0.6 else draw.choice(LOCAL[encoding])


def name_of(draw, at, encoding) -> str:
    choice = draw.random()
    if choice < 0.5:
        return draw.choice(USUAL_NAMES) + draw.choice(["", "", f"_{at}"])
    if choice < 0.8:
        return "".join(draw.choice(string.ascii_lowercase) for _ in range(draw.randint(1, 8)))
    if choice < 0.9:
        return f"{draw.choice(WORDS).capitalize()} ({draw.choice(['kg', '%', 'EUR'])})"
    return word(draw, encoding)


def sentence(draw, encoding) -> str:
    marks = draw.choice(["", "", ",", ";", '"', "'", ":", "\n", "|", "\t"])
    return f" {marks}".join(word(draw, encoding) for _ in range(draw.randint(1, 6))) + draw.choice(["", ".", "!"])


KINDS = [
    lambda draw, _: str(draw.randint(-5, 100000)),
    lambda draw, _: str(draw.randint(0, 9)),
    lambda draw, _: f"{draw.uniform(-1000, 1000):.{draw.randint(1, 6)}f}",
    word,
    word,
    lambda draw, encoding: " ".join(word(draw, encoding) for _ in range(2)),
    sentence,
    lambda draw, _: f"{draw.randint(1950, 2030)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
    lambda draw, _: f"{draw.randint(1, 28):02}/{draw.randint(1, 12):02}/{draw.randint(1950, 2030)}",
    lambda draw, _: f"{draw.randint(0, 23):02}:{draw.randint(0, 59):02}:{draw.randint(0, 59):02}",
    lambda draw, _: f"{draw.randint(0, 99999):05}",
    lambda draw, _: draw.choice(["true", "false"]),
    lambda draw, _: draw.choice(["yes", "no"]),
    lambda draw, _: draw.choice(["", "", str(draw.randint(0, 99))]),
    lambda draw, _: draw.choice(["NA", str(draw.randint(0, 99)), str(draw.randint(0, 99))]),
    lambda draw, _: f"#{draw.randint(0, 16777215):06x}",
    lambda draw, _: f"{draw.randint(1, 999)},{draw.randint(0, 999):03}",
    lambda draw, _: f"{draw.choice(WORDS).lower()}@example.org",
]
