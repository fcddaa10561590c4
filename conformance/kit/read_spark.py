"""Reads Parquet files as Spark does without a setting, in Spark's own Python: `python read_spark.py FILES.json OUTPUT`."""

import json
import pickle
import sys

from pyspark.sql import Row, SparkSession


def plain(value):
    """Of Python's own classes, so that a Python without Spark can read it."""
    if isinstance(value, Row):
        return {name: plain(one) for name, one in value.asDict().items()}
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return bytes(value) if isinstance(value, bytearray) else value


def main(files, output):
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    with open(output, "wb") as told:
        pickle.dump(spark.version, told)
        for file in json.load(open(files, encoding="utf-8")):
            try:
                frame = spark.read.parquet(file)
                rows = frame.collect()
                columns = {name: [plain(row[at]) for row in rows] for at, name in enumerate(frame.columns)}
                pickle.dump((file, columns, None), told)
            except Exception as error:  # One table that is refused says nothing of the others.
                pickle.dump((file, None, str(error).split("\n")[0]), told)


if __name__ == "__main__":
    main(*sys.argv[1:])
