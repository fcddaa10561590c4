"""Real files of every format, damaged: each is read, left out or refused, and no process dies or hangs of one."""

FILES = 1000
SEED = 20261127


def check_damaged_files_are_refused_or_read(context):
    script = context.project / "conformance/fuzz/damage/run.js"
    told = context.run(
        ["node", str(script), "--files", str(FILES), "--seed", str(SEED)], context.plain_environment()
    ).splitlines()
    assert told[-1] == f"{FILES} passed, 0 failed", told[-6:]
    return told[-2]
