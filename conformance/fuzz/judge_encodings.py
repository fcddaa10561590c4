"""Judges how encodings are told: real names, encoded by Python, may not be read wrongly without a word.

python3 conformance/fuzz/judge_encodings.py [--files 1000] [--seed 0] [--keep FOLDER]
"""
from __future__ import annotations

import argparse
import collections
import csv
import io
import pathlib
import random
import sys
import time
import unicodedata
from dataclasses import dataclass

from reader import keep, reader
from real_names import names

WESTERN = "cp1252 latin_1 iso8859_15 cp437 cp850 mac_roman"
CENTRAL = "cp1250 iso8859_2 cp852"
CYRILLIC = "cp1251 koi8_r koi8_u iso8859_5 cp866"
TURKISH = "cp1254 iso8859_9"
BALTIC = "cp1257 iso8859_13"
ENCODINGS = {
    **dict.fromkeys("fr de es pt it nl sv da nb fi is ca sq".split(), WESTERN),
    **dict.fromkeys("pl cs sk hu ro hr sl".split(), CENTRAL),
    **dict.fromkeys("ru uk bg mk sr be".split(), CYRILLIC),
    **dict.fromkeys("lt lv et".split(), BALTIC),
    **{"el": "cp1253 iso8859_7", "tr": TURKISH, "he": "cp1255", "ar": "cp1256", "fa": "cp1256", "vi": "cp1258"},
    **{"th": "cp874", "ja": "shift_jis cp932 euc_jp", "zh": "gbk gb18030", "zh_TW": "big5", "ko": "euc_kr cp949"},
}
UNICODE = "utf_8 utf_8_sig utf_16 utf_16_le utf_16_be bom_utf_16_be".split()
SEPARATORS = [",", ",", ";", "|", "\t"]
CELLS = [1, 1, 2, 3, 5, 10, 30, 100, 400]
MEGABYTE = 1 << 20
#: Read differently by Python and by the web's tables (docs/adr/0032).
ALIKE = str.maketrans({"\u301c": "\uff5e", "\u2212": "\uff0d", "\u2016": "\u2225", "\u2014": "\u2015", "\xb7": "\u30fb",
                       "\xa2": "\uffe0", "\xa3": "\uffe1", "\xac": "\uffe2", "\uff0f": "\u2215", "\u203e": "~", "\xa5": "\\"})  # fmt: skip


@dataclass
class Case:
    language: str
    encoding: str
    separator: str
    bytes: bytes
    #: Characters beyond ASCII, in the order of the file.
    foreign: str
    #: Records that have lost a byte and must be rejects.
    broken: int
    #: Different cells with characters beyond ASCII.
    cells: int


def make_case(seed: int) -> Case:
    """The same file for the same seed."""
    draw = random.Random(seed)
    language = draw.choice(list(ENCODINGS))
    legacy = ENCODINGS[language].split()
    encoding = draw.choice(legacy * 3 + UNICODE[:2] + UNICODE[2:] * (1 + (seed % 2)))
    separator = draw.choice(SEPARATORS)
    usable = [one for one in map(spelled_for(encoding), names(language)) if fits(one, encoding)]
    cells = draw.sample(usable, min(len(usable), draw.choice(CELLS)))
    broken = encoding == "utf_8" and draw.random() < 0.5
    rows = [[cell, str(draw.randrange(10**6)), draw.choice("north south east west".split())] for cell in cells]
    for _ in range(draw.choice([0, 0, 2, 20, 200])):
        rows.insert(draw.randrange(len(rows) + 1), ["plain", str(draw.randrange(10**6)), "north"])
    repeats = draw.choice([1, 1, 1, 3])
    rows *= repeats
    if broken:
        longest = sum(len(separator.join(row)) + 8 for row in rows)
        rows *= 1 + MEGABYTE // longest * draw.choice([0, 1, 1])
    header = ["name", "amount", "region"]
    if cells and draw.random() < 0.1:
        header[0] = draw.choice(cells)
    lines = [separator.join(quoted(cell, separator) for cell in row) for row in [header, *rows]]
    newline = draw.choice(["\n", "\n", "\r\n"])
    text = newline.join(lines) + newline
    foreign = "".join(one for one in text if one > "\x7f")
    mark = b"\xfe\xff" if encoding == "bom_utf_16_be" else b""
    data = mark + text.encode(encoding.removeprefix("bom_"))
    if broken:
        data, foreign = with_bad_byte(draw, lines, newline)
    return Case(language, encoding, separator, data, foreign, int(broken), len(set(cells)))


def with_bad_byte(draw: random.Random, lines: list[str], newline: str) -> tuple[bytes, str]:
    """One byte that is no UTF-8 within a row, anywhere; the row is lost, and nothing else."""
    at = draw.randrange(1, len(lines))
    written = [line.encode() for line in lines]
    place = draw.choice([0, len(written[at]) // 2, len(written[at])])
    while 0 < place < len(written[at]) and written[at][place] & 0xC0 == 0x80:
        place -= 1
    bad = bytes([draw.choice([0x80, 0x93, 0xE9, 0xFF, 0xC0])])
    written[at] = written[at][:place] + bad + written[at][place:]
    rest = [line for index, line in enumerate(lines) if index != at]
    return newline.encode().join(written) + newline.encode(), "".join(one for one in "".join(rest) if one > "\x7f")


def quoted(cell: str, separator: str) -> str:
    special = any(one in cell for one in (separator, '"', "\n", "\r"))
    return '"' + cell.replace('"', '""') + '"' if special else cell


def spelled_for(encoding: str):
    """Letters as the code page has them: tones apart in Vietnamese, cedillas in Romanian, the Arabic ye in Persian."""
    if encoding == "cp1258":
        return tones_apart
    if encoding in ("cp1250", "iso8859_2", "cp852"):
        return lambda text: text.translate(str.maketrans("șțȘȚ", "şţŞŢ"))
    if encoding == "cp1256":
        return lambda text: text.replace("ی", "ي").replace("ک", "ک")
    return lambda text: text


TONES = "\u0300\u0301\u0303\u0309\u0323"


def tones_apart(text: str) -> str:
    spelled = ""
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        tone = next((one for one in parts if one in TONES), "")
        spelled += unicodedata.normalize("NFC", parts.replace(tone, "", 1)) + tone
    return spelled


def fits(text: str, encoding: str) -> bool:
    try:
        return text.encode(encoding.removeprefix("bom_")).decode(encoding.removeprefix("bom_").removesuffix("_sig")) != ""
    except UnicodeError:
        return False


def same(one: str, other: str) -> bool:
    return one == other or one.translate(ALIKE) == other.translate(ALIKE)


def foreign_of(answer: dict) -> str:
    """Of the text that DuckDB would be given, and of the names above it."""
    text = answer["text"].removeprefix("\ufeff")
    if answer["header"] and answer["skippedLines"] == 0:
        text = "".join(answer["names"]) + text
    return "".join(one for one in text if one > "\x7f")


def outcome_of(case: Case, answer: dict) -> str:
    if "refused" in answer:
        return "crashed" if answer["refused"] == "CRASHED" else "refused"
    decision = answer["encoding"]
    right = same(foreign_of(answer), case.foreign) and answer["rejects"] == case.broken
    if right:
        return f"right and {decision['certainty']}"
    if decision["certainty"] == "guess" and any(decision["alternatives"]):
        return "wrong and told"
    return "wrong and silent"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=pathlib.Path, help="where files that are wrong and silent are put")
    options = parser.parse_args()
    counted: collections.Counter[str] = collections.Counter()
    silent: collections.Counter[str] = collections.Counter()
    began = time.monotonic()
    with reader() as read:
        for seed in range(options.seed, options.seed + options.files):
            case = make_case(seed)
            answer = read(case.bytes)
            outcome = outcome_of(case, answer)
            counted[outcome] += 1
            if outcome in ("wrong and silent", "crashed", "refused"):
                chosen = answer.get("encoding", {}).get("chosen")
                certainty = answer.get("encoding", {}).get("certainty")
                silent[f"{outcome}: {case.language} {case.encoding} as {certainty} {chosen}, {case.cells} cells"] += 1
                if options.keep:
                    told = {key: value for key, value in answer.items() if key != "text"}
                    facts = {"case": {"encoding": case.encoding, "foreign": case.foreign[:200]}, "answer": told}
                    keep(options.keep, seed, case.bytes, facts)
    print(f"{options.files} files from seed {options.seed} in {time.monotonic() - began:.0f} s")
    for outcome, times in sorted(counted.items()):
        print(f"{times:8} {outcome}")
    for what, times in silent.most_common():
        print(f"{times:8}   {what}")
    return 1 if counted["wrong and silent"] + counted["crashed"] else 0


if __name__ == "__main__":
    sys.exit(main())
