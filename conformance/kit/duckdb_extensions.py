"""Loads DuckDB's extensions from their packages, where docs/reading.md installs them from the internet."""

import importlib.util
import pathlib

import duckdb


def load_extensions():
    for name in ("avro", "httpfs", "iceberg"):
        folder = pathlib.Path(importlib.util.find_spec(f"duckdb_extension_{name}").origin).parent
        (file,) = folder.rglob(f"{name}.duckdb_extension")
        duckdb.sql(f"LOAD '{file}'")


