"""The disks of the hosts: no work folder is left, no upload unfinished, and caches hold what their keys say."""

import json
import pathlib
import zipfile


def judge(facts, checked):
    for folder in facts["workFolders"]:
        yield from (f"{path}: left in the work folder" for path in pathlib.Path(folder).rglob("*"))
    unfinished = pathlib.Path(facts["store"]["unfinished"])
    yield from (f"{path}: of an upload that nobody finishes" for path in unfinished.rglob("xl.meta"))
    truth = pathlib.Path(facts["truth"])
    for cache in facts["caches"]:
        for marker in pathlib.Path(cache).glob("entries/*/complete.json"):
            yield from judge_entry(marker, truth, checked)


def judge_entry(marker, truth, checked):
    """A complete entry is the version that it names, byte by byte."""
    entry = json.loads(marker.read_text("utf-8"))
    dataset = entry["reference"].split("/")[1]
    wanted = {path.name: path.read_bytes() for path in (truth / dataset / entry["version"]).glob("*.csv")}
    found = {}
    for file in entry["files"]:
        path = marker.parent / "files" / file["path"]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                found |= {name: archive.read(name) for name in archive.namelist()}
        else:
            found[file["path"]] = path.read_bytes()
    if found != wanted:
        yield f"{marker}: holds {sorted(found)}, which are not the bytes of version {entry['version']}"
    checked["cache entries"] += 1
