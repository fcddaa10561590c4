"""The embedded stack of the `kaggle-import` command, with the samples, in a folder of its own."""

import json
import os
import pathlib
import subprocess
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parents[2]
#: What the command may know of this machine: no services and no credentials of the user.
KEPT = ("PATH", "HOME", "XDG_CACHE_HOME")


class Stack:
    def __init__(self, config: pathlib.Path | None = None, more: dict[str, str] | None = None):
        """`config` takes the place of the configuration of the samples; `more` are variables of the environment."""
        self._folder = tempfile.TemporaryDirectory(prefix="conformance-stack-")
        folder = pathlib.Path(self._folder.name)
        # The user of an embedded PostgreSQL must be able to enter.
        folder.chmod(0o711)
        self.folder = folder
        self._stack = folder / ".stack"
        self._environment = {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "KAGGLE_CONFIG_DIR": str(folder / "no-kaggle"),
            "STACK_DIR": str(self._stack),
            "CACHE_DIR": str(folder / "cache"),
            "WORK_DIR": str(folder / "work"),
            "LOG_FILE": str(folder / "kaggle_import.log"),
            "UV_THREADPOOL_SIZE": "8",
            **({} if config is None else {"KAGGLE_IMPORT_CONFIG": str(config)}),
            **(more or {}),
        }

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.run("down")
        finally:
            self._folder.cleanup()

    def run(self, *arguments: str) -> str:
        """Standard output of the command."""
        done = self.attempt(*arguments)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(arguments)}: exit code {done.returncode}\n{done.stderr[-2000:]}")
        return done.stdout

    def attempt(self, *arguments: str) -> subprocess.CompletedProcess:
        command = ["node", str(PROJECT / "dist/client.js"), *arguments]
        return subprocess.run(command, env=self._environment, text=True, capture_output=True, timeout=300)

    def reader_environment(self) -> dict[str, str]:
        """Starts what does not run; the variables that a reader of the object store and of the catalog sets."""
        ports = {name: one["port"] for name, one in json.loads(self.run("--json", "up"))["services"].items()}
        secrets = json.loads((self._stack / "secrets.json").read_text("utf-8"))
        return {
            "STACK_DIR": str(self._stack),
            "DATABASE_URL": f"postgresql://postgres:{secrets['postgresPassword']}@127.0.0.1:{ports['postgres']}/postgres",
            "MINIO_ENDPOINT": f"127.0.0.1:{ports['minio']}",
            "MINIO_ACCESS_KEY": secrets["minioAccessKey"],
            "MINIO_SECRET_KEY": secrets["minioSecretKey"],
        }
