"""Cells of one reader against those of another: the same values, in whatever classes of Python they come."""

import datetime
import decimal


def compare(table, columns, reader, same=None):
    """Every cell of `columns` (name -> values) against pyarrow's; returns how many. `same` replaces `equal`."""
    same = same or equal
    cells = 0
    assert list(columns) == table.arrow.column_names, f"{table.name}: {reader} sees {list(columns)}"
    for name, values in columns.items():
        expected = table.arrow[name].to_pylist()
        for number, (left, right) in enumerate(zip(values, expected, strict=True), start=1):
            if not same(left, right):
                raise AssertionError(f"{table.name} row {number} {name}: {reader} reads {left!r}, pyarrow {right!r}")
        cells += len(values)
    return cells


def equal(left, right):
    """`right` is pyarrow's, whose maps are lists of pairs."""
    if hasattr(left, "tolist"):
        left = left.tolist()
    if isinstance(left, dict):
        right = dict(right) if right is not None else {}
        return list(left) == list(right) and all(equal(left[key], right[key]) for key in left)
    if isinstance(left, (list, tuple)):
        return isinstance(right, (list, tuple)) and len(left) == len(right) and all(map(equal, left, right))
    if is_nan(left) or is_nan(right):
        return is_nan(left) and is_nan(right)
    if isinstance(right, datetime.datetime) and right.tzinfo and getattr(left, "tzinfo", None) is None:
        # Spark gives instants in its session's zone, which is UTC here.
        right = right.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return left == right


def is_nan(value):
    return isinstance(value, (float, decimal.Decimal)) and value != value
