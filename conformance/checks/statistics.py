"""Every statistic and every check of a table against pyarrow and Python: samples, corpus, and what is nasty."""

import decimal
import math
import random
import re

import pyarrow

from checks.parquet import all_tables, convert, tables_of
from kit import computed, nasty

SEED = 20261126
RULES_A_COLUMN = 3


def check_every_statistic_is_what_pyarrow_computes(context):
    tables = [*all_tables(context), *nasty_tables(context)]
    failures, facts = [], 0
    for table in tables:
        rows = table.arrow.num_rows
        assert table.description["result"]["rows"] == rows, table.name
        for position, column in enumerate(table.columns):
            found = computed.compare(column, table.arrow.column(position), rows)
            failures += [f"{table.name} {column['name']} ({column['type']}): {one}" for one in found]
            facts += len(column["stats"])
    assert not failures, "; ".join(failures)
    return f"{len(tables)} tables, {facts:,} statistics"


def check_bounds_of_parts_leave_no_value_out(context):
    """And of personal columns there are none."""
    failures, found = [], 0
    for table in [*all_tables(context), *nasty_tables(context)]:
        personal = {column["name"] for column in table.columns if "personalData" in column}
        parts = table.description["partStatistics"]
        for file, facts in zip(table.parts, parts, strict=True):
            part = pyarrow.parquet.ParquetFile(file).read()
            failures += [f"{table.name} {one}" for one in computed.bounds(part, facts)]
            failures += [f"{table.name} {name}: bounds of persons" for name in personal & facts.keys() if facts[name].keys() & {"min", "max"}]
            found += len(facts)
    assert not failures, "; ".join(failures)
    return f"{found:,} columns"


def check_zeros_keep_the_sign_of_their_row(context):
    (table,) = (table for table in nasty_tables(context) if table.name.endswith("nasty"))
    expected = nasty.table(table.arrow.num_rows)
    for name in ("double_zeros", "double_odd", "float_odd"):
        found, source = (one[name].to_pylist() for one in (table.arrow, expected))
        signs = [[math.copysign(1, value) for value in values if value == 0] for values in (found, source)]
        assert signs[0] == signs[1], f"{name}: {signs[0][:10]}, expected {signs[1][:10]}"


def check_rules_pass_for_what_they_say_and_nothing_else(context):
    """No value is accepted for being rounded, cut or none of its column's type."""
    rules = rules_of_all()
    outcomes = {}
    for table in nasty_tables(context):
        for check in table.description["checks"]:
            if check["check"] in ("accepted_values", "range"):
                outcomes.setdefault((check["column"], check["check"]), []).append((table, check))
    failures = 0
    for (name, kind), found in outcomes.items():
        asked = [rule[kind] for rule in rules if kind in rule and rule[kind]["column"] == name]
        for rule, (table, check) in zip(asked, found, strict=True):
            values = [value for value in table.arrow[name].to_pylist() if value is not None]
            expected = all((accepted if kind == "accepted_values" else within)(value, rule, table.arrow[name].type) for value in values)
            assert check["passed"] == expected, f"{rule} {'passed' if check['passed'] else 'failed'}: {check['message']}"
            failures += not expected
    count = sum(map(len, outcomes.values()))
    assert 0 < failures < count, "all rules came out the same"
    return f"{count} rules, {failures} of them failed rightly"


def nasty_tables(context):
    if not hasattr(context, "nasty"):
        data = context.folder()
        nasty.write(data / "conformance/nasty", rules_of_all())
        lines = convert(context, data)
        assert not [one for one in lines if "error" in one], lines
        context.nasty = tables_of(lines)
    return context.nasty


def rules_of_all():
    """Of values that a column has, of their neighbours, and of what is none of its type."""
    noise = random.Random(SEED)
    rules = []
    for name, kind, values in nasty.columns():
        if pyarrow.types.is_nested(kind) or name in ("phone", "email"):
            continue
        own = [spelled(value) for value in values if value is not None]
        others = [one for text in own for one in neighbours(text)]
        for number in range(RULES_A_COLUMN):
            listed = own if number == 0 else own[1:]
            extra = noise.sample(others, min(len(others), 6 * number))
            rules.append({"accepted_values": {"column": name, "values": [*listed, *extra, "none of it"]}})
        if computed.is_number(kind):
            finite = sorted(value for value in values if value is not None and math.isfinite(value))
            for low, high in ((0, 0), (0, 1), (1, 0)) if finite else ():
                bounds = {"min": float(finite[low % len(finite)]), "max": float(finite[-1 - high % len(finite)])}
                if bounds["min"] <= bounds["max"]:
                    rules.append({"range": {"column": name, **bounds}})
    return rules


def spelled(value):
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return str(value).lower() if isinstance(value, bool) else str(value)


def neighbours(text):
    """What a careless cast takes for the same."""
    yield from (f"{text}.4", f"{text}0000000000000000004", f"{text} 10:00:00", f"{text}+02", f"{text}1", f"{text}e400", f"0x{text}")


def accepted(value, rule, kind):
    return any(is_same(value, str(text), kind) for text in rule["values"])


def is_same(value, text, kind):
    if isinstance(value, str):
        return value == text
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, (int, float, decimal.Decimal)):
        return is_same_number(value, text, kind)
    # Python reads more, and cuts what is below a microsecond.
    if not re.fullmatch(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d{1,6}0*)?(Z|[+-]\d\d(:\d\d)?)?)?", text):
        return False
    try:
        found = type(value).fromisoformat(text)
    except ValueError:
        return False
    if getattr(value, "tzinfo", None) and not found.tzinfo:
        found = found.replace(tzinfo=value.tzinfo)
    return bool(getattr(value, "tzinfo", None)) == bool(getattr(found, "tzinfo", None)) and found == value


def is_same_number(value, text, kind):
    # Python takes `nan1` for one, too.
    if not re.fullmatch(r"-?(nan|inf|[0-9.]+(e[+-]?[0-9]+)?)", text):
        return False
    try:
        number = decimal.Decimal(text)
    except decimal.InvalidOperation:
        return False
    if not isinstance(value, float):
        return number.is_finite() and number == value
    if value != value:
        return number.is_nan()
    near = float(number)
    if pyarrow.types.is_float32(kind) and math.isfinite(near):
        near = pyarrow.scalar(near, kind).as_py()
    return near == value and math.isinf(near) == number.is_infinite()


def within(value, rule, _kind):
    exact = decimal.Decimal(value) if isinstance(value, float) else value
    # Bounds are as they were written: the shortest decimal of their double.
    low, high = (decimal.Decimal(repr(rule[side])) if not isinstance(value, float) else rule[side] for side in ("min", "max"))
    return value == value and low <= (value if isinstance(value, float) else exact) <= high
