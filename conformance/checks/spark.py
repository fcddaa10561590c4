"""What Spark reads of our Parquet with the settings it comes with; each version has a Python environment of its own."""

import io
import json
import os
import pathlib
import pickle
import shutil

from checks.engines import read_all
from checks.parquet import all_tables
from kit.context import Skipped


def check_spark_3_5_reads_the_same_cells(context):
    return read_by_spark(context, "SPARK_3_5")


def check_spark_4_1_reads_the_same_cells(context):
    return read_by_spark(context, "SPARK_4_1")


def read_by_spark(context, variable):
    """`variable` of the environment names the folder that scripts/conformance.sh has put Spark into."""
    if shutil.which("java") is None:
        raise Skipped("Spark needs Java 17, and there is no `java` here")
    if variable not in os.environ:
        raise Skipped(f"Spark for {variable} was not asked for: CONFORMANCE_{variable}=1")
    folder = context.folder()
    files, told = folder / "files.json", folder / "told"
    files.write_text(json.dumps([str(part) for table in all_tables(context) for part in table.parts]), "utf-8")
    python = pathlib.Path(os.environ[variable]) / "bin/python"
    script = context.project / "conformance/kit/read_spark.py"
    # Rows come with instants in the zone of the process.
    environment = {**context.plain_environment(), "SPARK_LOCAL_IP": "127.0.0.1", "TZ": "UTC"}
    context.run([str(python), "-P", str(script), str(files), str(told)], environment)
    version, read = parse(told.read_bytes())
    refused = [f"{pathlib.Path(file).name}: {error}" for file, (_, error) in read.items() if error]
    assert not refused, f"Spark {version} refuses {len(refused)} tables: {'; '.join(refused[:5])}"
    return f"{version}: {read_all(context, f'Spark {version}', lambda part: read[str(part)][0])}"


def parse(told):
    stream = io.BytesIO(told)
    version, read = pickle.load(stream), {}
    while stream.tell() < len(told):
        file, columns, error = pickle.load(stream)
        read[file] = (columns, error)
    return version, read
