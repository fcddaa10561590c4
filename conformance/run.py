"""Runs every check_* function of conformance/checks: one line a check, then `N passed, N failed`."""

import argparse
import importlib
import pathlib
import sys
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))
sys.dont_write_bytecode = True

from kit.context import Context, Skipped  # noqa: E402  (needs the path above)


def discover(only):
    """Pairs of name and function, in file order; `only` keeps the names that contain it."""
    for file in sorted((ROOT / "checks").glob("*.py")):
        if file.stem.startswith("_"):
            continue
        module = importlib.import_module(f"checks.{file.stem}")
        for name, function in vars(module).items():
            full_name = f"{file.stem}.{name.removeprefix('check_')}"
            if name.startswith("check_") and callable(function) and (only or "") in full_name:
                yield full_name, function


def run(name, function, context, verbose):
    """Prints the outcome of one check; returns `passed`, `failed` or `skipped`."""
    started = time.monotonic()
    try:
        detail, outcome = function(context) or "", "passed"
    except Skipped as reason:
        detail, outcome = str(reason), "skipped"
    except Exception as error:  # A check fails by any exception; the next one still runs.
        detail, outcome = f"{type(error).__name__}: {error}", "failed"
        if verbose:
            traceback.print_exc()
    seconds = time.monotonic() - started
    print(f"{outcome:7} {name} ({seconds:.1f} s){': ' if detail else ''}{detail}", flush=True)
    return outcome


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", metavar="WORD", help="run the checks whose name contains WORD")
    parser.add_argument("--data", metavar="FOLDER", default=str(ROOT.parent / "samples"), help="datasets to serve")
    parser.add_argument("--list", action="store_true", help="print the names and run nothing")
    parser.add_argument("--verbose", action="store_true", help="print tracebacks")
    options = parser.parse_args()

    checks = list(discover(options.only))
    if options.list:
        print("\n".join(name for name, _ in checks))
        return 0
    with Context(pathlib.Path(options.data)) as context:
        outcomes = [run(name, function, context, options.verbose) for name, function in checks]
    passed, failed, skipped = (outcomes.count(word) for word in ("passed", "failed", "skipped"))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
