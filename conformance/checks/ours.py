"""Our downloads beside those of the official clients: the same datasets, the same faults, bytes and outcomes compared."""

import json
import pathlib
import subprocess
import zipfile

from checks.kaggle_cli import assert_no_credentials_at_storage
from checks.kagglehub_client import DOWNLOAD

LARGE = "conformance/large"
ALWAYS = {"times": "always"}

#: Fault, what ours ends with: `right` for the right bytes, or the code of the refusal.
FAULTS = [
    ("none", [], "right"),
    ("cut once", [{"kind": "cut", "afterBytes": 1_500_000}], "right"),
    ("cut at every megabyte", [{"kind": "cut", "afterBytes": 1_000_000, **ALWAYS}], "right"),
    ("cut, then Range ignored", [{"kind": "cut", "afterBytes": 1_500_000}, {"kind": "ignore-range"}], "right"),
    ("cut, then another range", [{"kind": "cut", "afterBytes": 1_500_000}, {"kind": "wrong-range"}], "right"),
    ("cut, then the address expired", [{"kind": "cut", "afterBytes": 1_500_000}, {"kind": "expired-url"}], "right"),
    (
        "cut, then an error for the range",
        [{"kind": "cut", "afterBytes": 1_500_000}, {"kind": "status", "match": {"storage": True}}],
        "right",
    ),
    ("a byte changed once", [{"kind": "corrupt"}], "right"),
    ("a byte always changed", [{"kind": "corrupt", **ALWAYS}], "CHECKSUM_MISMATCH"),
    ("a wrong checksum", [{"kind": "wrong-md5", **ALWAYS}], "CHECKSUM_MISMATCH"),
    ("a length too long", [{"kind": "wrong-length"}], "right"),
    ("a web page", [{"kind": "html", **ALWAYS}], "DOWNLOAD_NOT_DATA"),
    ("429 once", [{"kind": "too-many-requests"}], "right"),
    ("503 once", [{"kind": "status", "status": 503}], "right"),
    ("a missing object", [{"kind": "status", "status": 404, "match": {"storage": True}, **ALWAYS}], "DATASET_NOT_READY"),
]


def check_downloads_the_same_bytes(context):
    server = context.server
    for dataset in context.datasets:
        assert ours(context, server, dataset.ref, dataset) == "right", dataset.ref
    assert_no_credentials_at_storage(server)
    return f"{len(context.datasets)} datasets, every byte the same"


def check_ends_no_worse_than_the_official_clients(context):
    """Ours never has wrong bytes, and refuses only where the source contradicts itself or has nothing."""
    dataset = next(one for one in context.datasets if one.ref == LARGE)
    lines = []
    for name, faults, expected in FAULTS:
        outcomes = {}
        for client in (kaggle_cli, kagglehub, ours):
            server = context.server
            for fault in faults:
                server.add_fault(**fault)
            outcomes[client.__name__] = client(context, server, LARGE, dataset)
        assert outcomes["ours"] == expected, f"{name}: {outcomes}, expected {expected}"
        lines.append(f"{name}: " + ", ".join(f"{client} {outcome}" for client, outcome in outcomes.items()))
    return f"{len(lines)} faults\n          " + "\n          ".join(lines)


def check_names_the_refusals(context):
    server = context.server
    assert ours(context, server, "nobody/nothing") == "SOURCE_NOT_FOUND"
    assert ours(context, server, LARGE, token="wrong") == "CREDENTIALS_REJECTED"
    server.add_fault(kind="rules-not-accepted")
    assert ours(context, server, "competitions/conformance-cup") == "RULES_NOT_ACCEPTED"
    server.add_fault(kind="not-ready")
    assert ours(context, server, LARGE) == "DATASET_NOT_READY"


def ours(context, server, ref, dataset=None, token=None):
    script = str(context.project / "conformance/obtain.js")
    command = ["node", script, server.url, token or server.TOKEN, ref, str(context.folder())]
    answer = json.loads(context.run(command, context.plain_environment()))
    if "code" in answer:
        return answer["code"]
    return "right" if dataset is None or archive_holds(answer["file"], dataset) else "WRONG BYTES"


def kaggle_cli(context, server, ref, dataset):
    folder = context.folder()
    command = str(pathlib.Path(context.python).parent / "kaggle")
    arguments = ["datasets", "download", ref, "--path", str(folder), "--quiet"]
    ended = finish([command, *arguments], context.client_environment(server))
    archives = list(folder.glob("*.zip"))
    if not ended:
        return "failed"
    return "right" if archives and archive_holds(archives[0], dataset) else "WRONG BYTES"


def kagglehub(context, server, ref, dataset):
    output = finish([context.python, "-c", DOWNLOAD, ref], context.client_environment(server))
    if not output:
        return "failed"
    folder = pathlib.Path(output.rpartition("at:")[2].strip())
    same = all((folder / name).is_file() and (folder / name).read_bytes() == data for name, data in dataset.files.items())
    return "right" if same else "WRONG BYTES"


def finish(command, environment):
    """The output of a command that succeeded; None when it failed or did not end in a minute."""
    try:
        done = subprocess.run(
            command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60
        )
    except subprocess.TimeoutExpired:
        return None
    return (done.stdout or " ") if done.returncode == 0 else None


def archive_holds(path, dataset):
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()} == dataset.files
    except zipfile.BadZipFile:
        return False
