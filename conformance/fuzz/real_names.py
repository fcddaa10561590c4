"""Real names of people, towns and countries by language: Faker (MIT) and the translations of iso-codes (LGPL, by pycountry)."""
from __future__ import annotations

import functools
import gettext
import pathlib

import pycountry
from faker import Faker

FAKER = {
    "fr": "fr_FR", "de": "de_DE", "es": "es_ES", "pt": "pt_BR", "it": "it_IT", "nl": "nl_NL", "sv": "sv_SE",
    "da": "da_DK", "nb": "no_NO", "fi": "fi_FI", "is": "is_IS", "pl": "pl_PL", "cs": "cs_CZ", "sk": "sk_SK",
    "hu": "hu_HU", "ro": "ro_RO", "hr": "hr_HR", "sl": "sl_SI", "sq": "sq_AL", "tr": "tr_TR", "et": "et_EE",
    "lv": "lv_LV", "lt": "lt_LT", "ru": "ru_RU", "uk": "uk_UA", "bg": "bg_BG", "mk": "mk_MK", "el": "el_GR",
    "he": "he_IL", "ar": "ar_EG", "fa": "fa_IR", "vi": "vi_VN", "th": "th_TH", "ja": "ja_JP", "zh": "zh_CN",
    "zh_TW": "zh_TW", "ko": "ko_KR",
}  # fmt: skip
TRANSLATIONS = {**{one: one for one in FAKER}, "nb": "nb_NO", "zh": "zh_CN", "sr": "sr", "be": "be", "ca": "ca"}
DOMAINS = ["iso3166-1", "iso3166-2", "iso639-3"]
KINDS = ["name", "city", "first_name", "last_name", "company", "job", "street_name"]
DRAWN = 150


@functools.cache
def names(language: str) -> tuple[str, ...]:
    """Different names with a character beyond ASCII, the same and in the same order each time."""
    found = [*invented(language), *translated(language)]
    return tuple(dict.fromkeys(" ".join(one.split()) for one in found if not one.isascii()))


def invented(language: str) -> list[str]:
    if language not in FAKER:
        return []
    faker = Faker(FAKER[language])
    faker.seed_instance(1)
    kinds = [getattr(faker, kind) for kind in KINDS if hasattr(faker, kind)]
    return [kind() for kind in kinds for _ in range(DRAWN)]


def translated(language: str) -> list[str]:
    folder = pathlib.Path(pycountry.__file__).parent / "locales"
    found = []
    for domain in DOMAINS:
        catalog = gettext.translation(domain, folder, [TRANSLATIONS[language]], fallback=True)
        found += [text for name, text in getattr(catalog, "_catalog", {}).items() if name and isinstance(text, str)]
    return found
