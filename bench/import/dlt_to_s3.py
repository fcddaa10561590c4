"""dlt's way from CSV to Parquet on S3, as its documentation shows it: dlt_to_s3.py dlt FOLDER KEY; dlt downloads nothing from Kaggle, so that part is the script's."""

import json
import os
import shutil
import sys
import time
from pathlib import Path

from script import download, stages, timed, unzip


def load(store: dict, folder: Path, home: Path, key: str, slug: str) -> None:
    import dlt
    from dlt.destinations import filesystem as to_files
    from dlt.sources.filesystem import filesystem, read_csv_duckdb

    destination = to_files(
        bucket_url=f"s3://scripts/{key}",
        credentials={
            "aws_access_key_id": store["accessKey"],
            "aws_secret_access_key": store["secretKey"],
            "endpoint_url": f"http://{store['endpoint']}",
        },
    )
    pipeline = dlt.pipeline(
        slug.replace("-", "_"), pipelines_dir=str(home), destination=destination, dataset_name="bench"
    )
    files = filesystem(bucket_url=folder.as_uri(), file_glob="*.csv")
    tables = (files | read_csv_duckdb(use_pyarrow=True)).with_name(slug)
    pipeline.run(tables, loader_file_format="parquet", write_disposition="replace")


def stored_bytes(store: dict, key: str) -> int:
    from minio import Minio

    client = Minio(store["endpoint"], store["accessKey"], store["secretKey"], secure=False)
    objects = client.list_objects("scripts", f"{key}/", recursive=True)
    return sum(one.size for one in objects if one.object_name.endswith(".parquet"))


def bucket(store: dict) -> None:
    from minio import Minio

    client = Minio(store["endpoint"], store["accessKey"], store["secretKey"], secure=False)
    if not client.bucket_exists("scripts"):
        client.make_bucket("scripts")


def main() -> None:
    _engine, scratch, key = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    bench = json.loads(os.environ["BENCH"])
    archive, folder = scratch / "archive.zip", scratch / "tables"
    bucket(bench["store"])
    at = time.perf_counter()
    for slug in bench["slugs"]:
        folder.mkdir()
        download(bench["kaggle"], slug, archive)
        at = timed("download", at)
        unzip(archive, folder)
        at = timed("unzip", at)
        load(bench["store"], folder, scratch / "pipelines", key, slug)
        at = timed("extract, normalize and load", at)
        shutil.rmtree(folder)
    print(json.dumps({"stages": stages, "parquetBytes": stored_bytes(bench["store"], key)}))


if __name__ == "__main__":
    main()
