"""Every statistic of a column, computed by pyarrow and Python from the written Parquet, and what the catalog has beside it."""

import collections
import datetime
import decimal
import fractions
import math

import pyarrow

CUT = 200
#: docs/conversion.md: hardly ever half off, and never more than there are values.
ESTIMATE = 0.5
MASKED = ("x", "9")


def compare(column, array, rows):
    """What of the column's `stats` is not what pyarrow's array says; texts for people."""
    stats, kind = dict(column["stats"]), array.type
    values = [value for value in array.to_pylist() if value is not None]
    finite = [value for value in values if not isinstance(value, float) or math.isfinite(value)]
    wrong = []

    def expect(name, expected, same=None):
        found = stats.pop(name, None)
        if not (same or equal)(found, expected):
            wrong.append(f"{name} {found!r}, expected {expected!r}")

    expect("nullCount", rows - len(values))
    frequent, sampled = stats.pop("mostFrequent"), stats.pop("sampledRows")
    personal = "personalData" in column
    if nested(kind):
        return wrong + [f"{name} of nested values" for name in stats if name != "distinct"]
    counts = collections.Counter("nan" if value != value else value for value in values)
    if "distinct" in stats:
        expect("distinct", len(counts))
    else:
        expect("approxDistinct", len(counts), lambda found, exact: found <= len(values) and abs(found - exact) <= ESTIMATE * exact)
    if not personal:
        for name, of in (("min", min), ("max", max)):
            expect(name, of(finite, key=order) if finite else None, lambda found, value: is_value(found, value, kind))
        wrong += frequent_values(frequent, counts, sampled == rows, kind)
        wrong += [f"example {one!r} is none of the values" for one in column["examples"] if not any(is_value(one, value, kind) for value in counts)]
    if is_text(kind):
        expect("minLength", min(map(len, values), default=None))
        expect("maxLength", max(map(len, values), default=None))
    if pyarrow.types.is_floating(kind):
        expect("nanCount", sum(value != value for value in values))
        expect("infiniteCount", sum(math.isinf(value) for value in values))
    if is_number(kind) and not personal:
        # They are computed in doubles, whose sums keep what is small beside the largest value only in part.
        largest = max(map(abs, finite), default=0)
        for name, of in (("mean", mean), ("stddev", deviation)):
            expect(name, of(finite), lambda found, exact: near(found, exact, float(largest)))
    return wrong + [f"{name} {found!r}, which nothing explains" for name, found in stats.items()]


def frequent_values(frequent, counts, of_all, kind):
    """In the order of their counts, and as often as they stand there; of a sample, no oftener."""
    wrong = []
    given = [one["count"] for one in frequent]
    if given != sorted(given, reverse=True):
        wrong.append(f"frequent values in the order {given}")
    if of_all and given != sorted(spelled(counts, kind).values(), reverse=True)[: len(given)]:
        wrong.append(f"frequent values {given} times")
    for one in frequent:
        count = sum(n for value, n in counts.items() if is_value(one["value"], value, kind, cut=True))
        if not (one["count"] == count if of_all else one["count"] <= count):
            wrong.append(f"{one['value'][:20]!r} {one['count']} times, expected {count}")
    return wrong


def spelled(counts, kind):
    """Texts that are cut the same are one."""
    if not is_text(kind):
        return counts
    cut = collections.Counter()
    for value, count in counts.items():
        cut[value[:CUT]] += count
    return cut


def is_value(found, value, kind, cut=False):
    """Whether the catalog's text, number or truth is that value, to the digit."""
    if found is None or value is None:
        return found is value
    if is_text(kind):
        return found == value[:CUT] or (MASKABLE(value) and found.replace("...", "")[:1] in MASKED)
    if isinstance(value, bool):
        return str(found).lower() == str(value).lower()
    if value == "nan":
        return found == "nan"
    if isinstance(value, float):
        number = float(found)
        # A float prints fewer digits than the double of the same value.
        return number == value or (pyarrow.types.is_float32(kind) and pyarrow.scalar(number, kind).as_py() == value)
    if isinstance(value, (int, decimal.Decimal)):
        return decimal.Decimal(str(found)) == value
    return moment(found, value) == value


def MASKABLE(value):
    return "@" in value


def moment(text, value):
    parsed = (datetime.datetime if isinstance(value, datetime.datetime) else datetime.date).fromisoformat(text)
    return parsed


def mean(values):
    if not values or max(map(abs, values)) >= 1e150:
        return None
    return float(sum(map(fractions.Fraction, values)) / len(values))


def deviation(values):
    if len(values) < 2 or max(map(abs, values)) >= 1e150:
        return None
    exact = [fractions.Fraction(value) for value in values]
    middle = sum(exact) / len(exact)
    return math.sqrt(sum((value - middle) ** 2 for value in exact) / (len(exact) - 1))


def near(found, expected, largest):
    if found is None or expected is None:
        return found is expected
    return math.isclose(float(found), expected, rel_tol=1e-9, abs_tol=1e-14 * largest)


def equal(found, expected):
    return found == expected and type(found) in (type(expected), int, float)


def order(value):
    """Texts in the order of their bytes."""
    return value.encode() if isinstance(value, str) else value


def nested(kind):
    return pyarrow.types.is_nested(kind) or pyarrow.types.is_binary(kind)


def is_text(kind):
    return pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind)


def is_number(kind):
    return pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind) or pyarrow.types.is_decimal(kind)


def bounds(part, found):
    """What of a part's statistics does not hold for its rows. Bounds may be missing, and wide, but never too narrow."""
    wrong = []
    for name, facts in found.items():
        array = part[name]
        values = [value for value in array.to_pylist() if value is not None and value == value]
        if facts.get("nulls") != array.null_count:
            wrong.append(f"{name}: {facts.get('nulls')} nulls, expected {array.null_count}")
        for side, sign in (("min", 1), ("max", -1)):
            if facts.get(side) is None or not values:
                continue
            bound = read(facts[side], values[0], array.type)
            if any(order(value) != order(bound) and (order(value) < order(bound)) == (sign == 1) for value in values):
                wrong.append(f"{name}: {side} {bound!r} leaves values out")
    return wrong


def read(text, like, kind):
    if isinstance(like, bool):
        return text in ("1", "true", True)
    if isinstance(like, float):
        return pyarrow.scalar(float(text), kind).as_py()
    if isinstance(like, int):
        return int(text)
    if isinstance(like, decimal.Decimal):
        return decimal.Decimal(text)
    return text if isinstance(like, str) else moment(text, like)
