"""Imports under faults on real servers, judged by chaos/judge.py: a short campaign, or the one of `make chaos`."""

import os
import subprocess


def check_a_campaign_leaves_only_what_is_true(context):
    command = ["node", "node_modules/vitest/vitest.mjs", "run", "--config", "vitest.chaos.config.ts"]
    wanted = {name: os.environ[name] for name in ("SEED", "IMPORTS") if os.environ.get(name)}
    environment = {**context.plain_environment(), "PYTHON": context.python, **wanted}
    done = subprocess.run(
        command, cwd=context.project, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert done.returncode == 0, done.stdout[-20_000:]
    report = done.stdout[done.stdout.index("seed ") :]
    return report[: report.index("0 violations")].replace("\n", "\n          ") + "0 violations"
