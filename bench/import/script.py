"""What somebody writes in an afternoon: script.py duckdb|polars|old FOLDER KEY downloads, unzips, converts and uploads datasets."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

BUFFER = 1 << 20
stages: dict[str, float] = {}


def timed(stage: str, since: float) -> float:
    now = time.perf_counter()
    stages[stage] = stages.get(stage, 0) + now - since
    return now


class WithoutToken(urllib.request.HTTPRedirectHandler):
    """The signed address takes a GET without the token."""

    def redirect_request(self, request, fp, code, msg, headers, newurl):
        return urllib.request.Request(newurl)


def download(kaggle: dict, slug: str, target: Path) -> None:
    request = urllib.request.Request(
        f"{kaggle['url']}/v1/datasets.DatasetApiService/DownloadDataset",
        data=json.dumps({"ownerSlug": "bench", "datasetSlug": slug}).encode(),
        headers={"Authorization": f"Bearer {kaggle['token']}", "Content-Type": "application/json"},
    )
    with urllib.request.build_opener(WithoutToken).open(request) as body, target.open("wb") as file:
        while piece := body.read(BUFFER):
            file.write(piece)


def unzip(archive: Path, folder: Path) -> list[Path]:
    with zipfile.ZipFile(archive) as packed:
        for name in packed.namelist():
            with packed.open(name) as member, (folder / name).open("wb") as file:
                while piece := member.read(BUFFER):
                    file.write(piece)
        return [folder / name for name in packed.namelist()]


def kaggle_command(kaggle: dict, slug: str, folder: Path) -> list[Path]:
    """Downloads and unpacks; `LOCALHOST` makes it call http://localhost/api, which the proxy brings to our server."""
    command = Path(sys.executable).parent / "kaggle"
    arguments = ["datasets", "download", f"bench/{slug}", "--path", str(folder), "--unzip", "--quiet"]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder.parent),
        "KAGGLE_API_ENVIRONMENT": "LOCALHOST",
        "KAGGLE_API_TOKEN": kaggle["token"],
        "http_proxy": kaggle["url"].removesuffix("/api"),
        "no_proxy": "",
    }
    subprocess.run([command, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
    return sorted(folder.glob("*.csv"))


def convert(engine: str, source: Path, target: Path) -> None:
    if engine == "duckdb":
        import duckdb

        duckdb.execute("SET memory_limit = '1GB'; SET threads = 2")
        duckdb.execute(f"COPY (FROM read_csv('{source}')) TO '{target}' (FORMAT parquet)")
    elif engine == "old":
        import pandas
        import pyarrow
        from pyarrow import parquet

        # Once to look at it, once to convert it.
        looked = pandas.read_csv(source)
        looked.isna().sum()
        looked.describe(include="all")
        del looked
        parquet.write_table(pyarrow.Table.from_pandas(pandas.read_csv(source)), target, compression="snappy")
    else:
        os.environ["POLARS_MAX_THREADS"] = "2"
        import polars

        polars.scan_csv(source, try_parse_dates=True).sink_parquet(target, compression="snappy")


def upload(store: dict, source: Path, key: str) -> None:
    from minio import Minio

    client = Minio(store["endpoint"], store["accessKey"], store["secretKey"], secure=False)
    if not client.bucket_exists("scripts"):
        client.make_bucket("scripts")
    client.fput_object("scripts", key, str(source))


def main() -> None:
    engine, scratch, key = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    bench = json.loads(os.environ["BENCH"])
    archive, parquet, folder = scratch / "archive.zip", scratch / "table.parquet", scratch / "tables"
    parquet_bytes = 0
    at = time.perf_counter()
    for slug in bench["slugs"]:
        folder.mkdir()
        if engine == "old":
            tables = kaggle_command(bench["kaggle"], slug, folder)
            at = timed("download", at)
        else:
            download(bench["kaggle"], slug, archive)
            at = timed("download", at)
            tables = unzip(archive, folder)
            at = timed("unzip", at)
        for table in tables:
            convert(engine, table, parquet)
            at = timed("convert", at)
            upload(bench["store"], parquet, f"{key}/{slug}/{table.stem}.parquet")
            at = timed("upload", at)
            parquet_bytes += parquet.stat().st_size
        shutil.rmtree(folder)
    print(json.dumps({"stages": stages, "parquetBytes": parquet_bytes}))


if __name__ == "__main__":
    main()
