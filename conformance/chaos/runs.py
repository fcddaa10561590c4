"""Every run that Temporal knows of against its row in the catalog."""

#: How a row may say that a run ended, by how the server says it; a terminated run may have recorded its end before.
ACCEPTED = {
    "published": {"published"},
    "up-to-date": {"up-to-date"},
    "held": {"held"},
    "failed": {"failed"},
    "canceled": {"cancelled"},
    "cancelled": {"cancelled"},
    "terminated": {"terminated", "published", "up-to-date", "held", "failed", "cancelled"},
    "timed_out": {"timed-out"},
}

#: Failures that say nothing but that something was not thought of.
UNNAMED = {"UNEXPECTED", "Error"}


def judge(facts, catalog, checked):
    rows = {row["run_id"]: row for row in catalog.execute("SELECT * FROM imports")}
    published = {row["prefix"]: row["run_id"] for row in catalog.execute("SELECT prefix, run_id FROM dataset_versions")}
    known = set()
    for run in facts["runs"]:
        name = f"{run['workflowId']} {run['runId']}"
        known.add(run["runId"])
        row = rows.get(run["runId"])
        if run.get("code") in UNNAMED:
            yield f"{name}: failed with {run['code']}"
        if run["workflowId"] != f"import:{run['dataset']}":
            if run.get("code") != "WORKFLOW_ID_WRONG" or row is not None:
                yield f"{name}: {run['ended']} {run.get('code')} instead of being refused"
            continue
        if row is None:
            if run["began"]:
                yield f"{name}: {run['ended']}, and nothing is recorded"
            continue
        if row["ended_at"] is None or row["outcome"] not in ACCEPTED[run["ended"]]:
            yield f"{name}: {run['ended']}, recorded as {row['outcome']}, ended at {row['ended_at']}"
        if run["ended"] in ("published", "held") and run["prefix"] not in published:
            yield f"{name}: {run['ended']} {run['prefix']}, and the catalog knows no such version"
        checked["runs"] += 1
    for run_id, row in rows.items():
        if row["ended_at"] is None:
            yield f"{row['workflow_id']} {run_id}: {row['outcome']} for ever"
        if run_id not in known:
            yield f"{row['workflow_id']} {run_id}: recorded, and nobody has started it"
