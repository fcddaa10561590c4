"""What every check is given: scratch space, the served datasets, and a server that is started when first asked for."""

import functools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from .datasets import Dataset, read_datasets, write_generated_datasets
from .server import Server

PROJECT = pathlib.Path(__file__).resolve().parents[2]


class Skipped(Exception):
    """Raised by a check that cannot run here; the reason is printed, never hidden."""


class Context:
    def __init__(self, data: pathlib.Path):
        self.project = PROJECT
        self.data = data
        self._scratch = tempfile.TemporaryDirectory(prefix="conformance-")
        self._server = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._server:
            self._server.stop()
        self._scratch.cleanup()

    def folder(self) -> pathlib.Path:
        """A new, empty folder, removed at the end of the run."""
        return pathlib.Path(tempfile.mkdtemp(dir=self._scratch.name))

    @functools.cached_property
    def served(self) -> pathlib.Path:
        """The data folder and the generated datasets, side by side."""
        served = self.folder()
        if self.data.is_dir():
            shutil.copytree(self.data, served, dirs_exist_ok=True)
        write_generated_datasets(served)
        return served

    @functools.cached_property
    def datasets(self) -> list[Dataset]:
        """Every served dataset; competitions are not among them."""
        return [one for one in read_datasets(self.served) if one.owner != "competitions"]

    @property
    def server(self) -> Server:
        """The running server, with no faults and an empty request log."""
        if self._server is None:
            self._server = Server(self.served)
        self._server.reset()
        return self._server

    def plain_environment(self) -> dict[str, str]:
        """Without Kaggle credentials and proxies: nothing that could make a run differ from machine to machine."""
        outside = ("KAGGLE", "HTTP", "NO_PROXY")
        return {key: value for key, value in os.environ.items() if not key.upper().startswith(outside)}

    def client_environment(self, server: Server, **more: str) -> dict[str, str]:
        """Environment in which the official clients talk to `server`, with an empty home and the sample account's token.

        `LOCALHOST` makes them call http://localhost/api, which the proxy setting brings to our port.
        """
        home = self.folder()
        return {
            **self.plain_environment(),
            "HOME": str(home),
            "KAGGLEHUB_CACHE": str(home / "kagglehub"),
            "KAGGLE_API_ENVIRONMENT": "LOCALHOST",
            "http_proxy": server.origin,
            "no_proxy": "",
            "KAGGLE_API_TOKEN": server.TOKEN,
            **more,
        }

    def run(self, command: list[str], environment: dict[str, str], expect: int | None = 0) -> str:
        """Output of a command, both streams together; `expect` is its exit code, None for any failure."""
        done = subprocess.run(
            command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300
        )
        if (done.returncode == 0) != (expect == 0):
            raise AssertionError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout[-2000:]}")
        return done.stdout

    @property
    def python(self) -> str:
        return sys.executable
