"""What was held differs as much as the configuration says, and nothing that does was published unasked."""

import csv
import functools
import json
import pathlib


def judge(facts, store, history, checked):
    truth, limit = pathlib.Path(facts["truth"]), facts["rowsPercent"]
    for run in facts["runs"]:
        if run["ended"] != "held":
            continue
        checked["held"] += 1
        others = [folder.name for folder in (truth / run["dataset"]).iterdir() if folder.name != run["version"]]
        if not any(differ(truth / run["dataset"], other, run["version"], limit) for other in others):
            yield f"{run['workflowId']} {run['runId']}: held {run['version']}, which is like every other version"
    for dataset in facts["latest"]:
        yield from judge_pointer(truth / dataset, store, history, facts["wishes"].get(dataset, 0), limit)


def judge_pointer(folder, store, history, wishes, limit):
    """Each step past the limit is a person's."""
    key = f"datasets/{folder.name}/current.json"
    said = [json.loads(store.read(key, write.id)) for write in history.get(key, []) if write.bytes is not None]
    steps = [
        f"{before['version']} -> {after['version']}"
        for before, after in zip(said, said[1:])
        # The pointer may have been behind: then nobody knows what was compared with what.
        if after["generation"] == before["generation"] + 1
        and differ(folder, before["version"], after["version"], limit)
    ]
    if len(steps) > wishes:
        yield f"{key}: went {', '.join(steps)}, and people wished for another version {wishes} times"


def differ(folder, before, after, limit):
    tables = [(path, folder / before / path.name) for path in (folder / after).glob("*.csv")]
    return any(abs(rows(path) - rows(other)) * 100 > limit * rows(other) for path, other in tables)


@functools.cache
def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file, strict=True)) - 1
