"""The Kaggle-compatible server as a child process, and its control paths."""

import json
import pathlib
import subprocess
import urllib.request

MAIN = pathlib.Path(__file__).resolve().parents[2] / "dist/stack/kaggle-server/main.js"
READY = "kaggle-server ready "


class Server:
    # The sample account of src/stack/kaggle-server/authentication.ts; it opens nothing but this server.
    USERNAME = "sample-user"
    KEY = "0123456789abcdef0123456789abcdef"
    TOKEN = "KGAT_0123456789abcdef0123456789abcdef"

    def __init__(self, data: pathlib.Path):
        self._process = subprocess.Popen(
            ["node", str(MAIN), "--port", "0", "--data", str(data)], stdout=subprocess.PIPE, text=True
        )
        line = self._process.stdout.readline().strip()
        if not line.startswith(READY):
            self.stop()
            raise RuntimeError(f"The server did not start: {line!r}")
        self.url = line.removeprefix(READY)
        self.origin = self.url.removesuffix("/api")

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise RuntimeError("The server did not stop on SIGTERM") from None
        finally:
            self._process.stdout.close()

    def reset(self):
        self._call("DELETE", "/__faults")
        self._call("DELETE", "/__requests")

    def add_fault(self, **fault):
        self._call("POST", "/__faults", fault)

    def requests(self, host: str | None = None) -> list[dict]:
        return [one for one in self._call("GET", "/__requests") if host in (None, one["host"])]

    def _call(self, method: str, path: str, body=None):
        request = urllib.request.Request(
            self.origin + path, method=method, data=None if body is None else json.dumps(body).encode()
        )
        # Never through a proxy: the environment's may be another server.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as response:
            return json.load(response)
