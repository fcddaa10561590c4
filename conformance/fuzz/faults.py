"""Makes one small table for each kind of fault that people have met, in many spellings: what is right for it is known, or that it must be told."""
from __future__ import annotations

import random

from tables import Table

NAMES = [
    "id name city price year score country date population note amount code weight state kind".split(),
    "Nummer Ort Betrag Preis Jahr Größe Land Datum Einwohner Bemerkung Straße Gewicht".split(),
    "numéro ville prix année taille pays département remarque société poids".split(),
    "número ciudad precio año tamaño país fecha provincia nota peso código".split(),
    "номер город цена год страна дата население вес область".split(),
    "番号 都市 価格 年 国 日付 人口 備考".split(),
    "编号 城市 价格 年份 国家 日期 人口 备注".split(),
    "αριθμός πόλη τιμή έτος χώρα ημερομηνία".split(),
    "numer miasto cena rok kraj data ludność uwagi".split(),
]
WORDS = [
    "Oslo Rome Paris Bern Vienna Madrid Lisbon Dublin paper steel green red small large open".split(),
    "Köln München Bäcker Straße groß klein Übung offen Papier Stahl".split(),
    "Orléans Besançon forêt rivière château grande petite ouvert".split(),
    "Málaga León Cádiz niño mañana pequeño grande abierto".split(),
    "Москва Казань Тверь большой малый река лес".split(),
    "東京 大阪 京都 名古屋 大きい 小さい".split(),
    "北京 上海 广州 深圳 大 小".split(),
    "Αθήνα Πάτρα μεγάλο μικρό δάσος".split(),
    "Łódź Gdańsk duży mały rzeka las".split(),
]
TITLES = [
    ["Spending over 25k", "Table 3. Results of the survey", "1% solution, sample 003", "Report of 2019"],
    ["Ausgaben über 25.000 Euro", "Tabelle 3: Ergebnisse, vorläufig", "Bericht 2019"],
    ["Dépenses du mois", "Tableau 3 : résultats, 2019", "Rapport"],
    ["Gastos del mes", "Tabla 3: resultados, 2019", "Informe anual"],
    ["Расходы за месяц", "Таблица 3. Итоги, 2019"],
    ["支出一覧 2019年", "表3 結果"],
    ["支出报告 2019年", "表3 结果"],
    ["Έξοδα του μήνα", "Πίνακας 3: αποτελέσματα"],
    ["Wydatki miesiąca", "Tabela 3: wyniki, 2019"],
]
NOTES = [
    ["Source: the office", "Notes", "All figures provisional", "* revised", "Total: 12", "Last updated 2020-01-01", "(c) the bureau, 2019"],
    ["Quelle: Statistisches Amt", "Stand: 31.12.2019", "Alle Angaben vorläufig", "Hinweis", "© Amt für Statistik, 2019"],
    ["Source : l'office", "Remarque", "Chiffres provisoires, non révisés"],
    ["Fuente: la oficina", "Nota: cifras provisionales", "Total"],
    ["Источник: Росстат", "Примечание", "Данные предварительные, без уточнений"],
    ["出典：総務省統計局", "注", "※ 速報値"],
    ["来源：国家统计局", "注：初步数据", "备注"],
    ["Πηγή: η υπηρεσία", "Σημείωση"],
    ["Źródło: urząd", "Uwaga: dane wstępne", "Stan na 2019"],
]
DELIMITERS = [","] * 6 + [";"] * 4 + ["\t"] * 3 + ["|"] * 2
NUMBERS = [
    lambda draw: str(draw.randint(0, 9999)),
    lambda draw: f"{draw.uniform(-100, 1000):.{draw.randint(1, 4)}f}",
    lambda draw: f"{draw.randint(1950, 2030)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
]


class Made:
    """What a fault starts from: a table of two columns or more, of one language."""

    def __init__(self, draw: random.Random, delimiter: str | None = None):
        self.draw = draw
        self.language = draw.randrange(len(NAMES))
        if draw.random() < 0.4:
            self.language = 0
        self.delimiter = delimiter or draw.choice(DELIMITERS)
        width = draw.choice([2, 2, 3, 3, 4, 5])
        height = draw.choice([1, 2, 2, 3, 4, 6, 10, 40, 100])
        self.names: list[str] | None = draw.sample(NAMES[self.language], width)
        kinds = [draw.choice([*NUMBERS, self.word, self.word]) for _ in range(width)]
        self.rows = [[kind(draw) for kind in kinds] for _ in range(height)]
        self.above: list[str] = []
        self.below: list[str] = []
        self.newline = draw.choice(["\n", "\n", "\r\n", "\r"])
        self.ends = draw.random() < 0.8
        self.mark = draw.random() < 0.15
        self.must_tell = False

    def word(self, draw) -> str:
        return draw.choice(WORDS[self.language])

    def numbers(self) -> None:
        """All of it, but for the names."""
        self.rows = [[self.draw.choice(NUMBERS[:2])(self.draw) for _ in row] for row in self.rows]

    def lines(self) -> list[str]:
        return [self.delimiter.join(record) for record in ([self.names] if self.names else []) + self.rows]

    def table(self, seed: int, kind: str, lines: list[str] | None = None) -> Table:
        text = self.newline.join([*self.above, *(lines or self.lines()), *self.below]) + (self.newline if self.ends else "")
        encoding = "utf-8-sig" if self.mark else "utf-8"
        return Table(seed, text.encode(encoding), self.names, self.rows, encoding, self.delimiter, '"', [kind], self.must_tell)


def quoted(text: str, quote: str = '"') -> str:
    return quote + text.replace(quote, quote * 2) + quote


def open_header(draw):
    """A quote in the header that never closes, or that the first one in the rows closes."""
    made = Made(draw)
    made.must_tell = True
    quote = draw.choice(['"', '"', "'"])
    at = draw.randrange(len(made.names))
    column = draw.randrange(len(made.names))
    lines = made.lines()
    head = list(made.names)
    head[at] = quote + head[at]
    rows = [[quoted(cell, quote) if index == column else cell for index, cell in enumerate(row)] for row in made.rows]
    if draw.random() < 0.2:
        rows = made.rows
    lines = [made.delimiter.join(record) for record in [head, *rows]]
    return made, lines


def open_row(draw):
    """The same in a row."""
    made = Made(draw)
    made.must_tell = True
    quote = draw.choice(['"', '"', "'"])
    lines = made.lines()
    at = draw.randrange(1, len(lines))
    cells = lines[at].split(made.delimiter)
    cell = draw.randrange(len(cells))
    cells[cell] = quote + cells[cell]
    lines[at] = made.delimiter.join(cells)
    return made, lines


def text_quotes(draw):
    """In files of tabs and pipes: quotes around the first words of a cell."""
    made = Made(draw, draw.choice(["\t", "\t", "|"]))
    at = draw.randrange(len(made.rows[0]))
    share = draw.choice([1, 1, 0.5, 0.2])
    for row in made.rows:
        if draw.random() < share:
            row[at] = f'"{made.word(draw)} {draw.randint(0, 99)}" {made.word(draw)}'
    if draw.random() < 0.5:
        made.names = None
    return made, None


def one_quote(draw):
    """Inches, or a quote that nobody closed, within a cell."""
    made = Made(draw)
    at = draw.randrange(len(made.rows[0]))
    row = draw.choice(made.rows)
    row[at] = draw.choice([f'{made.word(draw)} 12"', f'{made.word(draw)} "{made.word(draw)}', f'5" {made.word(draw)}'])
    return made, None


def short_header(draw):
    """Rows of as many fields as the header has names, and others with one more."""
    made = Made(draw)
    made.must_tell = True
    share = draw.choice([0.2, 0.5, 0.8, 1])
    more = [[*row, draw.choice([made.word(draw), str(draw.randint(0, 9))])] if draw.random() < share else row for row in made.rows]
    if all(len(row) == len(made.names) for row in more):
        more[-1] = [*more[-1], "more"]
    if draw.random() < 0.5:
        more.sort(key=len)
    return made, [made.delimiter.join(record) for record in [made.names, *more]]


def trailing_delimiters(draw):
    """Each row ends with a delimiter, in some of them something stands behind it."""
    made = Made(draw)
    made.must_tell = True
    share = draw.choice([0, 0.1, 0.3])
    rows = [[*row, draw.choice(WORDS[made.language]) if draw.random() < share else ""] for row in made.rows]
    return made, [made.delimiter.join(record) for record in [made.names, *rows]]


def longer_header(draw):
    made = Made(draw)
    made.must_tell = True
    return made, [made.delimiter.join([*made.names, "d"]), *made.lines()[1:]]


def notes_below(draw):
    made = Made(draw)
    made.must_tell = True
    notes = [draw.choice(NOTES[made.language]) for _ in range(draw.choice([1, 1, 2, 3, 5]))]
    pad = made.delimiter * (len(made.names) - 1) if draw.random() < 0.3 else ""
    made.below = ([""] if draw.random() < 0.5 else []) + [note + pad for note in notes]
    return made, None


def title_above(draw):
    made = Made(draw)
    made.must_tell = True
    titles = [draw.choice(TITLES[made.language]) for _ in range(draw.choice([1, 1, 1, 2, 3]))]
    pad = made.delimiter * (len(made.names) - 1) if draw.random() < 0.5 else ""
    made.above = [title + pad for title in titles] + ([""] if draw.random() < 0.3 else [])
    return made, None


def one_record(draw):
    """Alone, and no names."""
    made = Made(draw)
    made.rows = made.rows[:1]
    if draw.random() < 0.3:
        made.rows = [made.rows[0][:1]]
    made.names = None
    return made, None


def few_records(draw):
    """No names, and two or three records."""
    made = Made(draw)
    made.rows = made.rows[:3]
    made.names = None
    return made, None


def first_token(draw):
    """No names, and a missing value in the first record."""
    made = Made(draw)
    made.numbers()
    made.names = None
    for _ in range(draw.choice([1, 1, 2])):
        made.rows[0][draw.randrange(len(made.rows[0]))] = draw.choice(["?", "NA", "", "null", "-", "N/A", "\\N", ".", "none", "nan", "x", "*", "--", "n.a.", "#N/A", "unknown"])
    return made, None


def inner_mark(draw):
    """U+FEFF before the first row, within it, or before a header that stands again."""
    made = Made(draw)
    made.must_tell = True
    lines = made.lines()
    at = draw.randrange(1, len(lines))
    lines[at] = "\ufeff" + lines[at]
    if draw.random() < 0.4:
        lines = [*made.lines(), *(["\ufeff"] if draw.random() < 0.2 else []), "\ufeff" + lines[0], *made.lines()[1:]]
        made.rows = made.rows * 2
    return made, lines


def hashes(draw):
    """Names and rows that begin with the mark of comments."""
    made = Made(draw)
    mark = draw.choice(["#", "#", "#", "%", "//", "--"])
    if draw.random() < 0.7:
        made.names[0] = mark + made.names[0]
    for row in made.rows:
        if draw.random() < 0.5:
            row[0] = mark + row[0]
    return made, None


def comments(draw):
    """More of them than rows, above, and within."""
    made = Made(draw)
    made.must_tell = True
    mark = draw.choice(["#", "# ", "#", "%", "//", "; ", "-- ", "REM ", "* ", "!"])
    made.above = [f"{mark}{draw.choice([*TITLES[made.language], *NOTES[made.language]])}" for _ in range(draw.randint(1, 12))]
    lines = made.lines()
    if draw.random() < 0.3:
        lines.insert(draw.randrange(1, len(lines) + 1), f"{mark}{draw.choice(NOTES[made.language])}")
    return made, lines


def after_quote(draw):
    """A line end of one kind behind a closing quote, where another ends the lines."""
    made = Made(draw)
    made.must_tell = True
    made.newline = "\n"
    lines = made.lines()
    at = draw.randrange(1, len(lines))
    cells = lines[at].split(made.delimiter)
    cell = draw.randrange(len(cells))
    cells[cell] = quoted(cells[cell]) + draw.choice(["\r", " x", "x"]) if cell < len(cells) - 1 else quoted(cells[cell]) + "x"
    lines[at] = made.delimiter.join(cells)
    return made, lines


def backslashes(draw):
    """Before a delimiter that is none, outside quotes."""
    made = Made(draw)
    at = draw.randrange(len(made.rows[0]))
    share = draw.choice([1, 1, 0.4])
    lines = made.lines()[:1]
    for row in made.rows:
        cells = list(row)
        if draw.random() < share:
            first, second = made.word(draw), made.word(draw)
            row[at] = f"{first}{made.delimiter} {second}"
            cells[at] = f"{first}\\{made.delimiter} {second}"
        lines.append(made.delimiter.join(cells))
    return made, lines


def blanks_beside_quotes(draw):
    made = Made(draw, draw.choice([",", ";"]))
    lines = made.lines()[:1]
    for row in made.rows:
        column = draw.randrange(len(row))
        row[column] = f"{made.word(draw)}{made.delimiter} {made.word(draw)}"
        lines.append(made.delimiter.join(draw.choice(["", " "]) + quoted(cell) + draw.choice(["", " "]) if index == column or draw.random() < 0.5 else cell for index, cell in enumerate(row)))
    return made, lines


def two_headers(draw):
    made = Made(draw)
    made.must_tell = True
    above = [draw.choice([*TITLES[made.language], "", "", "A", "B"]).replace(made.delimiter, "") for _ in made.names]
    above[0] = above[0] or "A"
    return made, [made.delimiter.join(above), *made.lines()]


def returning_names(draw):
    """A name that is a value, too."""
    made = Made(draw)
    at = draw.randrange(len(made.names))
    for row in made.rows:
        row[at] = draw.choice([*made.names, made.word(draw), made.word(draw)])
    return made, None


def decimal_commas(draw):
    """With the delimiter that they need, or with the one that splits them."""
    made = Made(draw, draw.choice([";", ";", "\t", ","]))
    made.rows = [[f"{draw.randint(0, 99)},{draw.randint(0, 99):02}" for _ in row] for row in made.rows]
    if draw.random() < 0.3:
        made.names = None
    return made, None


def blank_aligned(draw):
    """Columns of a fixed width, with names or without."""
    made = Made(draw, "whitespace")
    made.numbers()
    made.must_tell = True
    if draw.random() < 0.6:
        made.names = None
    records = ([made.names] if made.names else []) + made.rows
    widths = [max(len(record[at]) for record in records) + draw.randint(1, 3) for at in range(len(made.rows[0]))]
    left = draw.random() < 0.3
    lines = ["".join(cell.ljust(width) if left else cell.rjust(width) for cell, width in zip(record, widths)) for record in records]
    return made, lines


def long_delimiter(draw):
    made = Made(draw, draw.choice(["::", "||", "|||", "\\|", ", ", " - ", ";;", "\t\t", "~~", "@@", "::::", " | ", "##", "$$", "^|^", "<>", "%%", "==="]))
    if draw.random() < 0.4:
        made.names = None
    return made, None


def end_marks(draw):
    made = Made(draw)
    made.must_tell = True
    lines = made.lines()
    if draw.random() < 0.5:
        made.below = ["\x1a"]
        made.ends = False
    else:
        lines[-1] += "\x1a"
    return made, lines


def split_thousands(draw):
    made = Made(draw, ",")
    at = draw.randrange(len(made.rows[0]))
    share = draw.choice([1, 1, 0.5])
    for row in made.rows:
        row[at] = f"{draw.randint(1, 999)}{made.delimiter}{draw.randint(0, 999):03}" if draw.random() < share else str(draw.randint(0, 999))
    if draw.random() < 0.3:
        made.names = None
    return made, None


def lone_return(draw):
    made = Made(draw)
    made.newline = "\r\n"
    made.ends = False
    lines = made.lines()
    made.below = []
    lines[-1] += "\r"
    return made, lines


def one_column(draw):
    """Its name has no delimiter, or its notes have none, but its lines do."""
    made = Made(draw)
    made.must_tell = True
    return made, [draw.choice(TITLES[made.language]).replace(made.delimiter, ""), *made.lines()[1:]]


def blank_rows(draw):
    """Lines of blanks, and of delimiters and blanks."""
    made = Made(draw)
    lines = made.lines()
    for _ in range(draw.randint(1, 4)):
        lines.insert(draw.randrange(1, len(lines) + 1), draw.choice(["", "  ", "\t" if made.delimiter != "\t" else " "]))
    return made, lines


def swapped_quotes(draw):
    """Single quotes, or those of typesetters, around cells with delimiters."""
    made = Made(draw)
    quote = draw.choice(["'", "'", "“", "«", "`"])
    close = {"“": "”", "«": "»"}.get(quote, quote)
    lines = made.lines()[:1] if draw.random() < 0.5 else [made.delimiter.join(f"{quote}{name}{close}" for name in made.names)]
    for row in made.rows:
        column = draw.randrange(len(row))
        row[column] = f"{made.word(draw)}{made.delimiter} {made.word(draw)}"
        lines.append(made.delimiter.join(f"{quote}{cell}{close}" if index == column or draw.random() < 0.5 else cell for index, cell in enumerate(row)))
    return made, lines


def mixed_line_ends(draw):
    made = Made(draw)
    lines = made.lines()
    text = "".join(line + draw.choice(["\n", "\r\n", "\r"]) for line in lines)
    made.newline, made.ends = "", False
    return made, [text]


def quoted_lines(draw):
    """Each line as a whole is one cell, as spreadsheets write a table that they took for one column."""
    made = Made(draw, draw.choice([",", ";"]))
    made.must_tell = True
    return made, [quoted(line) for line in made.lines()]


def markdown(draw):
    made = Made(draw, "|")
    made.must_tell = True
    lines = [f"| {line.replace('|', ' | ')} |" for line in made.lines()]
    return made, [lines[0], "|" + "---|" * len(made.names), *lines[1:]]


def two_dialects(draw):
    """From some line on another delimiter; the header may stand alone with its own."""
    made = Made(draw)
    made.must_tell = True
    lines = made.lines()
    at = draw.choice([1, draw.randrange(1, len(lines))])
    other = draw.choice([mark for mark in [",", ";", "\t", "|", " "] if mark != made.delimiter])
    return made, [line.replace(made.delimiter, other) if (index < at) else line for index, line in enumerate(lines)]


def cross_table(draw):
    """Names that are years, days or numbers."""
    made = Made(draw)
    width = draw.choice([3, 4, 6, 12])
    first = draw.randint(1950, 2010)
    spelled = draw.choice([lambda at: str(first + at), lambda at: str(at), lambda at: f"{first}-{at + 1:02}", lambda at: f"{at + 1}/22/20", lambda at: f"{first}-01-{at + 1:02}", lambda at: str(10 * (at + 1))])
    made.names = [draw.choice([made.names[0], ""]), *(spelled(at) for at in range(width))]
    kind = draw.choice([lambda: str(draw.randint(0, 3000)), lambda: f"{draw.uniform(0, 100):.2f}", lambda: made.word(draw)])
    made.rows = [[draw.choice([made.word(draw), str(at)]), *(kind() for _ in range(width))] for at in range(len(made.rows))]
    return made, None


def title_above_rows(draw):
    """Of a table without names."""
    made, _ = title_above(draw)
    made.names = None
    return made, None


def notes_between(draw):
    """A remark of another field count within the rows, quoted or with a delimiter of its own."""
    made = Made(draw)
    made.must_tell = True
    lines = made.lines()
    note = draw.choice([*NOTES[made.language], *TITLES[made.language]])
    lines.insert(draw.randrange(2, len(lines) + 1), draw.choice([note, quoted(note)]))
    return made, lines


def three_headers(draw):
    made = Made(draw)
    made.must_tell = True
    made.numbers()
    top = [draw.choice(["A", "", "B"]) for _ in made.names]
    top[0] = "A"
    units = [draw.choice(["kg", "%", "EUR", "(m)", "n"]) for _ in made.names]
    return made, [made.delimiter.join(top), made.delimiter.join(made.names), made.delimiter.join(units), *made.lines()[1:]]


def aligned_words(draw):
    """Columns of a fixed width with words, of which some have a blank within."""
    made = Made(draw, "whitespace")
    made.must_tell = True
    for row in made.rows:
        row[0] = made.word(draw) if draw.random() < 0.6 else f"{made.word(draw)} {made.word(draw)}"
    records = [made.names, *made.rows]
    widths = [max(len(record[at]) for record in records) + draw.randint(2, 4) for at in range(len(made.names))]
    return made, ["".join(cell.ljust(width) for cell, width in zip(record, widths)).rstrip() for record in records]


def lines_above(draw):
    """Blank ones, and of delimiters alone."""
    made = Made(draw)
    made.above = [draw.choice(["", "", "  ", made.delimiter * (len(made.names) - 1)]) for _ in range(draw.randint(1, 3))]
    return made, None


def declared_delimiter(draw):
    """As spreadsheets say it, in the first line."""
    made = Made(draw, draw.choice([",", ";", "|", "\t", ":", "~", "#"]))
    made.above = [draw.choice(["sep=", "SEP=", "sep="]) + made.delimiter]
    return made, None


def null_bytes(draw):
    made = Made(draw)
    made.must_tell = True
    lines = made.lines()
    at = draw.randrange(len(lines))
    place = draw.randint(0, len(lines[at]))
    lines[at] = lines[at][:place] + draw.choice(["\x00", "\x01", "\x1a", "\x0c", "\x0b", "\x1c"]) + lines[at][place:]
    return made, lines


def between_tabs(draw):
    """As the taxonomy of NCBI is written: its lines end with the mark, too."""
    made = Made(draw, "|")
    made.must_tell = True
    if draw.random() < 0.6:
        made.names = None
    return made, ["\t|\t".join(record) + "\t|" for record in ([made.names] if made.names else []) + made.rows]


def ruled_names(draw):
    """Dashes as long as the names, as command lines of databases draw them."""
    made = Made(draw)
    made.must_tell = True
    lines = made.lines()
    return made, [lines[0], made.delimiter.join("-" * len(name) for name in made.names), *lines[1:]]


def questions(draw):
    """What was asked, below the names."""
    made = Made(draw)
    made.must_tell = True
    lines = made.lines()
    asked = [draw.choice([f"What is your {name}?", f"{name}, please?", f"How large is {name}?"]).replace(made.delimiter, "") for name in made.names]
    return made, [lines[0], made.delimiter.join(asked), *lines[1:]]


def pairs_above(draw):
    """A key and its value a line, above a table of three columns or more."""
    made = Made(draw)
    made.must_tell = True
    made.names, made.rows = [*made.names, "rest"], [[*row, str(draw.randint(0, 99))] for row in made.rows]
    pairs = [("Station", "0711"), ("Date", "2020-03-01"), ("Version", "1.2"), ("Units", "metric"), ("Samples", "120")]
    made.above = [made.delimiter.join(pair) for pair in draw.sample(pairs, draw.randint(1, 4))] + ([""] if draw.random() < 0.3 else [])
    return made, None


def one_word_below(draw):
    """Padded, below rows in which nothing is missing."""
    made = Made(draw)
    made.must_tell = True
    made.names = [*made.names, "b", "c"]
    made.rows = [[*row, str(draw.randint(0, 9)), str(draw.randint(0, 99))] for row in made.rows] * 2
    made.below = [draw.choice(["EOF", "END", "Ende", "Fin"]) + made.delimiter * (len(made.names) - 1)]
    return made, None


def table_below(draw):
    """Of as many columns, of other kinds, without a blank line between."""
    made = Made(draw)
    made.must_tell = True
    made.rows = [[made.word(draw), *row[1:]] for row in made.rows * 3]
    names = [f"{name}_b" for name in made.names]
    return made, [*made.lines(), made.delimiter.join(names), *(made.delimiter.join([str(at), *row[1:]]) for at, row in enumerate(made.rows))]


FAULTS = [open_header, open_row, text_quotes, one_quote, short_header, trailing_delimiters, longer_header, notes_below]
FAULTS += [title_above, one_record, few_records, first_token, inner_mark, hashes, comments, after_quote, backslashes]
FAULTS += [blanks_beside_quotes, two_headers, returning_names, decimal_commas, blank_aligned, long_delimiter, end_marks]
FAULTS += [split_thousands, lone_return, one_column, blank_rows, swapped_quotes, mixed_line_ends]
FAULTS += [quoted_lines, markdown, two_dialects, cross_table, title_above_rows, notes_between, three_headers]
FAULTS += [aligned_words, lines_above, declared_delimiter, null_bytes]
FAULTS += [between_tabs, ruled_names, questions, pairs_above, one_word_below, table_below]


def make_fault(seed: int) -> Table:
    """The same table for the same seed."""
    draw = random.Random(seed)
    fault = draw.choice(FAULTS)
    made, lines = fault(draw)
    return made.table(seed, fault.__name__.replace("_", " "), lines)
