"""Files through our readers of records, and the same files damaged."""

import json
import random


def read(context, folder, files, format):
    """What `read-records.js` says of each file, in their order."""
    listed = folder / f"{format}.json"
    listed.write_text(json.dumps([{"format": format, "file": str(file)} for file in files]), "utf-8")
    script = context.project / "conformance/read-records.js"
    lines = context.run(["node", str(script), str(listed)], context.plain_environment()).splitlines()
    found = [json.loads(line) for line in lines]
    assert len(found) == len(files), f"{len(found)} of {len(files)} files were answered for"
    return found


def damaged(folder, sources, seed, count=150):
    """Pairs of a damaged file and, where it was cut short and is nothing else, what it was cut from: a third of them."""
    chance = random.Random(seed)
    whole = [(file, file.read_bytes()) for file in sources]
    for number in range(count):
        source, content = chance.choice(whole)
        bytes_ = bytearray(content)
        if number % 3 == 0:
            del bytes_[chance.randrange(len(bytes_)) :]
        for _ in range(0 if number % 3 == 0 else chance.randint(1, 4)):
            bytes_[chance.randrange(len(bytes_))] = chance.randrange(256)
        file = folder / f"damaged-{number}{source.suffix}"
        file.write_bytes(bytes_)
        yield file, source if number % 3 == 0 else None


def judge_damaged(context, folder, sources, format, seed, is_right=lambda ours, whole: False):
    """Every damaged file is answered for, and one cut short is refused unless `is_right(ours, what it was cut from)`."""
    files = list(damaged(folder, sources, seed))
    found = read(context, folder, [file for file, _source in files], format)
    for ours, (_file, cut_from) in zip(found, files, strict=True):
        assert not cut_from or "refused" in ours or is_right(ours, cut_from), f"{ours['file']} was read as something else"
    return f"{len(found)} files, {sum('refused' in ours for ours in found)} refused"


def first_rows_of(context, folder, sources, format):
    """Whether the rows of a file cut short are the first ones of what it was cut from."""
    rows = {ours["file"]: ours["rows"] for ours in read(context, folder, sources, format)}
    return lambda ours, whole: ours["rows"] == rows[str(whole)][: len(ours["rows"])]
