"""Random tables whose truth is known: the same ones each time, so that a run tells of the code and not of its luck."""

import sys

TABLES = 600
FAULTS = 300
EXPORTS = 300
SEED = 20261126


def check_no_table_is_read_wrongly_without_a_word(context):
    """The short form of conformance/fuzz/judge.py, whose long one `make fuzz` runs with other tables."""
    judge = context.project / "conformance" / "fuzz" / "judge.py"
    for tables, options in ((TABLES, []), (FAULTS, ["--faults"]), (EXPORTS, ["--exports"])):
        command = [sys.executable, str(judge), "--tables", str(tables), "--seed", str(SEED), *options]
        context.run(command, context.plain_environment())
    return f"{TABLES} tables, {FAULTS} faults that people have met and {EXPORTS} exports of people's programs, from seed {SEED}"
