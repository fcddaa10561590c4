"""Reads an Iceberg table by Spark, in Spark's own Python: `python read_iceberg_spark.py REQUEST.json OUTPUT.json`."""

import json
import pathlib
import sys

from pyspark.sql import SparkSession

#: Packages are fetched once for all runs of this user.
IVY = pathlib.Path.home() / ".cache/kaggle-import/ivy"


def main(request_file, output):
    request = json.load(open(request_file, encoding="utf-8"))
    told = read(request)
    json.dump(told, open(output, "w", encoding="utf-8"))


def read(request):
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.jars.packages", ",".join(request["packages"])).config("spark.jars.ivy", str(IVY))
    for name, value in request["settings"].items():
        builder = builder.config(name, value)
    try:
        spark = builder.getOrCreate()
    except Exception as error:  # The gateway ends when Ivy cannot resolve what it was asked for.
        return {"unavailable": f"{', '.join(request['packages'])}: {str(error).splitlines()[0]}"}
    spark.sparkContext.setLogLevel("OFF")
    documented = [sorted(list(row) for row in spark.sql(query).collect()) for query in request["queries"][:3]]
    spark.sql(request["queries"][3]).collect()
    table = request["table"]
    snapshots = [row[0] for row in spark.sql(f"SELECT snapshot_id FROM {table}.snapshots ORDER BY committed_at").collect()]
    tags = {row[1]: row[0] for row in spark.sql(f"SELECT name, snapshot_id FROM {table}.refs WHERE type = 'TAG'").collect()}
    assert set(tags) == set(snapshots), f"tags {tags}, snapshots {snapshots}"
    versions = [columns(spark.sql(f"SELECT * FROM {table} VERSION AS OF '{tags[one]}' ORDER BY id")) for one in snapshots]
    assert columns(spark.sql(f"SELECT * FROM {table} ORDER BY id")) == versions[-1], "the last version is not current"
    return {"documented": documented, "spark": versions, "purge": failure(spark, f"DROP TABLE {table} PURGE")}


def columns(frame):
    rows = frame.collect()
    plain = lambda value: str(value) if hasattr(value, "isoformat") else value
    return {name: [plain(row[at]) for row in rows] for at, name in enumerate(frame.columns)}


def failure(spark, query):
    try:
        spark.sql(query).collect()
    except Exception as error:  # Told, and looked at by the check.
        return str(error)
    return "nothing"


if __name__ == "__main__":
    main(*sys.argv[1:])
