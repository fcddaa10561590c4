"""Our reading of files, as `read.js` answers for it."""

from __future__ import annotations

import contextlib
import json
import pathlib
import subprocess
import tempfile
from collections.abc import Callable, Iterator

HERE = pathlib.Path(__file__).parent


@contextlib.contextmanager
def reader(what: str = "text") -> Iterator[Callable[[bytes], dict]]:
    """A function that says how a file of these bytes is read; `what` is `text` or `parquet`."""
    process = subprocess.Popen(
        ["node", str(HERE / "read.js"), what], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "table.csv")

        def read(content: bytes) -> dict:
            file.write_bytes(content)
            print(file, file=process.stdin, flush=True)
            return json.loads(process.stdout.readline())

        yield read
    process.stdin.close()
    process.wait()


def keep(folder: pathlib.Path, seed: int, content: bytes, facts: dict) -> None:
    """Puts a file beside what is known of it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{seed}.csv").write_bytes(content)
    (folder / f"{seed}.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False))
