"""The official `kaggle` command against our server."""

import csv
import io
import pathlib
import urllib.parse
import zipfile

CUT_AFTER_BYTES = 1_500_000


def check_search_finds_every_dataset(context):
    server = context.server
    for dataset in context.datasets:
        rows = table(kaggle(context, server, "datasets", "list", "--search", dataset.title, "--csv"))
        assert dataset.ref in [row["ref"] for row in rows], f"{dataset.ref} is not among {rows}"
    return f"{len(context.datasets)} datasets"


def check_lists_files_with_their_sizes(context):
    server = context.server
    count = 0
    for dataset in context.datasets:
        listed, token = {}, None
        while True:
            paging = ["--page-token", token] if token else []
            output = kaggle(context, server, "datasets", "files", dataset.ref, "--csv", *paging)
            listed |= {row["name"]: int(row["size"]) for row in table(output)}
            token = next((line.partition(" = ")[2] for line in output.splitlines() if line.startswith("Next Page")), None)
            if not token:
                break
        assert listed == {name: len(content) for name, content in dataset.files.items()}, dataset.ref
        count += len(listed)
    return f"{count} files"


def check_downloads_whole_datasets(context):
    server = context.server
    for dataset in context.datasets:
        folder = context.folder()
        kaggle(context, server, "datasets", "download", dataset.ref, "--path", str(folder), "--unzip", "--quiet")
        same_files(folder, dataset)
    assert_no_credentials_at_storage(server)
    return f"{len(context.datasets)} datasets, every byte the same"


def check_downloads_single_files(context):
    server = context.server
    zipped = count = 0
    for dataset in context.datasets:
        for name, content in list(dataset.files.items())[:4]:
            folder = context.folder()
            kaggle(context, server, "datasets", "download", dataset.ref, "--file", name, "--path", str(folder), "--quiet")
            [arrived] = [path for path in folder.iterdir() if not path.name.startswith(".")]
            last = pathlib.PurePosixPath(name).name
            if urllib.parse.unquote(arrived.name) == f"{last}.zip":
                with zipfile.ZipFile(arrived) as archive:
                    assert archive.read(last) == content, f"{dataset.ref} {name}"
                zipped += 1
            else:
                assert urllib.parse.unquote(arrived.name) == last, arrived.name
                assert arrived.read_bytes() == content, f"{dataset.ref} {name}"
            count += 1
    assert zipped, "no file arrived zipped"
    return f"{count} files, {zipped} of them zipped"


def check_resumes_a_cut_download(context):
    server, folder = context.server, context.folder()
    dataset = next(one for one in context.datasets if one.ref == "conformance/large")
    server.add_fault(kind="cut", afterBytes=CUT_AFTER_BYTES)
    kaggle(context, server, "datasets", "download", dataset.ref, "--path", str(folder), "--unzip", "--quiet")
    same_files(folder, dataset)
    first, second = server.requests("storage")
    assert first["bytes"] == CUT_AFTER_BYTES and first["fault"] == "cut", first
    assert second["status"] == 206 and second["headers"]["range"].startswith("bytes="), second
    assert second["headers"]["if-range"], second
    return f"continued at {second['headers']['range']}"


def check_starts_again_when_the_file_changed(context):
    server, folder = context.server, context.folder()
    server.add_fault(kind="cut", afterBytes=CUT_AFTER_BYTES)
    server.add_fault(kind="changed")
    output = kaggle(context, server, "datasets", "download", "conformance/large", "--path", str(folder), "--quiet", expect=None)
    # The client measures the new file by the length of the old one: it notices, and does not keep a mixture.
    assert "does not match expected size" in output, output
    assert [one["status"] for one in server.requests("storage")] == [200, 200]


def check_downloads_anonymously(context):
    server, folder = context.server, context.folder()
    dataset = next(one for one in context.datasets if one.ref == "conformance/names")
    arguments = ["datasets", "download", dataset.ref, "--path", str(folder), "--unzip", "--quiet"]
    kaggle(context, server, *arguments, KAGGLE_API_TOKEN="")
    same_files(folder, dataset)
    assert all("authorization" not in one["headers"] for one in server.requests())


def check_accepts_a_legacy_key_and_refuses_a_wrong_one(context):
    server = context.server
    key = {"KAGGLE_API_TOKEN": "", "KAGGLE_USERNAME": server.USERNAME}
    kaggle(context, server, "datasets", "status", "conformance/many", **key, KAGGLE_KEY=server.KEY)
    output = kaggle(context, server, "datasets", "status", "conformance/many", **key, KAGGLE_KEY="wrong", expect=None)
    assert "Authentication required" in output, output  # What the client makes of a 401.


def check_competition_files_need_accepted_rules(context):
    server, folder = context.server, context.folder()
    arguments = ["competitions", "download", "conformance-cup", "--path", str(folder), "--quiet"]
    server.add_fault(kind="rules-not-accepted")
    refused = kaggle(context, server, *arguments, expect=None)
    assert "403" in refused or "accept" in refused, refused
    kaggle(context, server, *arguments)
    with zipfile.ZipFile(folder / "conformance-cup.zip") as archive:
        assert sorted(archive.namelist()) == ["test.csv", "train.csv"]


def kaggle(context, server, *arguments, expect=0, **environment):
    command = [str(pathlib.Path(context.python).parent / "kaggle"), *arguments]
    return context.run(command, context.client_environment(server, **environment), expect)


def table(output):
    """The CSV in a command's output: what follows the lines that are not part of it."""
    lines = output.splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith(("ref,", "name,")))
    return list(csv.DictReader(io.StringIO("\n".join(lines[start:]))))


def same_files(folder, dataset):
    arrived = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    arrived = {name: path for name, path in arrived.items() if not path.name.startswith(".")}
    assert sorted(arrived) == sorted(dataset.files), f"{dataset.ref}: {sorted(arrived)}"
    for name, path in arrived.items():
        assert path.read_bytes() == dataset.files[name], f"{dataset.ref} {name} differs"


def assert_no_credentials_at_storage(server):
    for one in server.requests("storage"):
        assert "authorization" not in one["headers"], one
