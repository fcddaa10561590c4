"""Other people's ways from CSV to Parquet with Snappy: peers.py NAME SOURCE FOLDER prints what it took."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

THREADS = 2
# Read by the libraries when they are loaded.
os.environ["POLARS_MAX_THREADS"] = str(THREADS)


def pandas(source: str, output: str) -> Callable[[], None]:
    import pandas
    import pyarrow

    pyarrow.set_cpu_count(THREADS)
    return lambda: pandas.read_csv(source).to_parquet(output, compression="snappy", index=False)


def pandas_told(source: str, output: str) -> Callable[[], None]:
    """With what a person has to say for the values to be those of the file."""
    import pandas
    import pyarrow

    pyarrow.set_cpu_count(THREADS)
    told = {
        "dtype": {"zip": "str", "quantity": "Int8"},
        "parse_dates": ["ordered_on", "shipped_at"],
        "keep_default_na": False,
        "na_values": [""],
    }
    return lambda: pandas.read_csv(source, **told).to_parquet(
        output, compression="snappy", index=False
    )


def polars(source: str, output: str) -> Callable[[], None]:
    import polars

    return lambda: polars.scan_csv(source, try_parse_dates=True).sink_parquet(
        output, compression="snappy"
    )


def pyarrow(source: str, output: str) -> Callable[[], None]:
    import pyarrow
    from pyarrow import csv, parquet

    pyarrow.set_cpu_count(THREADS)
    return lambda: parquet.write_table(csv.read_csv(source), output, compression="snappy")


def peak_bytes() -> int:
    """The highest resident memory of this process."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    name, source, folder = sys.argv[1:]
    output = str(Path(folder) / "table.parquet")
    peers = {"pandas": pandas, "pandas-told": pandas_told, "polars": polars, "pyarrow": pyarrow}
    work = peers[name](source, output)
    cpu = time.process_time()
    started = time.perf_counter()
    work()
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - started,
                "cpuSeconds": time.process_time() - cpu,
                "peakBytes": peak_bytes(),
                "files": [output],
            }
        )
    )


if __name__ == "__main__":
    main()
