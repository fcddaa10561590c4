"""What is left after a campaign (test/chaos), judged with none of our code: catalog, store, disks against the sources.

Usage: judge.py FACTS.json    prints figures and violations; exit code 1 when there are any
"""

import collections
import json
import pathlib
import sys

import psycopg
import psycopg.rows

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

import disks  # noqa: E402  (needs the path above)
import drift  # noqa: E402
import runs  # noqa: E402
import tables  # noqa: E402
import versions  # noqa: E402
from store import Store  # noqa: E402


def main():
    facts = json.loads(pathlib.Path(sys.argv[1]).read_text("utf-8"))
    store = Store(**{key: value for key, value in facts["store"].items() if key != "unfinished"})
    with psycopg.connect(facts["database"], row_factory=psycopg.rows.dict_row) as catalog:
        checked = collections.Counter()
        history = store.history()
        violations = [
            *versions.judge(facts, catalog, store, history, checked),
            *tables.judge(sys.argv[1], catalog, store, checked),
            *drift.judge(facts, store, history, checked),
            *runs.judge(facts, catalog, checked),
            *disks.judge(facts, checked),
        ]
    report(facts, checked, violations)
    return 1 if violations else 0


def report(facts, checked, violations):
    faults = collections.Counter(facts["faults"])
    print(f"seed {facts['seed']}: {len(facts['runs'])} imports in {facts['seconds']} s, {faults.total()} faults injected")
    for fault, count in sorted(faults.items()):
        print(f"  {count:5} {fault}")
    ends = collections.Counter(run["ended"] + (f" ({run['code']})" if "code" in run else "") for run in facts["runs"])
    print("ends: " + ", ".join(f"{count} {end}" for end, count in ends.most_common()))
    print("checked: " + ", ".join(f"{count:,} {what}" for what, count in checked.items()))
    for last_words in facts["ownEnds"]:
        print(f"a worker ended by itself: ...{last_words[-600:]}")
    print(f"{len(violations)} violations")
    for violation in violations:
        print(f"  {violation}")


if __name__ == "__main__":
    sys.exit(main())
