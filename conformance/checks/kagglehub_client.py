"""The official `kagglehub` library against our server."""

import pathlib

from checks.kaggle_cli import assert_no_credentials_at_storage, same_files

CUT_AFTER_BYTES = 3_000_000
DOWNLOAD = """
import sys, kagglehub
print("at:" + kagglehub.dataset_download(sys.argv[1], **({"path": sys.argv[2]} if len(sys.argv) > 2 else {})))
"""


def check_downloads_whole_datasets(context):
    server = context.server
    for dataset in context.datasets:
        same_files(download(context, context.client_environment(server), dataset.ref), dataset)
    assert_no_credentials_at_storage(server)
    return f"{len(context.datasets)} datasets, every byte the same"


def check_downloads_single_files(context):
    server = context.server
    count = 0
    for dataset in context.datasets:
        for name, content in list(dataset.files.items())[:2]:
            arrived = download(context, context.client_environment(server), dataset.ref, name)
            assert arrived.read_bytes() == content, f"{dataset.ref} {name}"
            count += 1
    return f"{count} files"


def check_downloads_a_given_version(context):
    server = context.server
    dataset = next(one for one in context.datasets if one.ref == "conformance/names")
    same_files(download(context, context.client_environment(server), f"{dataset.ref}/versions/1"), dataset)


def check_resumes_a_cut_download(context):
    server = context.server
    environment = context.client_environment(server)
    dataset = next(one for one in context.datasets if one.ref == "conformance/large")
    server.add_fault(kind="cut", afterBytes=CUT_AFTER_BYTES)
    context.run([context.python, "-c", DOWNLOAD, dataset.ref], environment, expect=None)
    same_files(download(context, environment, dataset.ref), dataset)
    resumed = server.requests("storage")[-1]
    assert resumed["status"] == 206, resumed
    assert int(resumed["headers"]["range"].removeprefix("bytes=").rstrip("-")) > 0, resumed
    return f"continued at {resumed['headers']['range']}"


def check_notices_a_corrupted_download(context):
    server = context.server
    server.add_fault(kind="corrupt")
    command = [context.python, "-c", DOWNLOAD, "conformance/large"]
    output = context.run(command, context.client_environment(server), expect=None)
    assert "DataCorruptionError" in output, output[-500:]


def check_a_missing_dataset_is_not_found(context):
    server = context.server
    command = [context.python, "-c", DOWNLOAD, "nobody/nothing"]
    output = context.run(command, context.client_environment(server), expect=None)
    assert "404 Client Error" in output, output[-500:]


def download(context, environment, *arguments) -> pathlib.Path:
    output = context.run([context.python, "-c", DOWNLOAD, *arguments], environment)
    return pathlib.Path(output.rpartition("at:")[2].strip())
