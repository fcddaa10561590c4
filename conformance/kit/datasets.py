"""Datasets on disk in Kaggle's layout, and the generated ones that samples are too small for."""

import dataclasses
import json
import pathlib
import random

METADATA = "dataset-metadata.json"

#: What readers of CSV like to get wrong: leading zeros, huge integers, NA that is a name, quotes, late surprises.
TYPES = {
    "numbers.csv": (
        b"integer,zip,huge,money,float,late\n"
        + b"".join(
            f"{index},{index:05},{2**63 + index},{index}.{index % 100:02},{index / 7!r},{index}\n".encode()
            for index in range(25_000)
        )
        + b"-1,00000,9223372036854775808,0.10,1e300,1.9\n"
    ),
    "texts.csv": (
        'country,quoted,ünïcode,empty\r\nNA,"a, ""b""\nc",é😀,\r\nFR,plain,,x\r\n"",  spaces  ,ß,""\r\n'.encode()
    ),
    "dates.csv": (
        b"day,moment,ambiguous,compact,flag\n"
        b"2024-02-29,2024-02-29 23:59:59,01/02/2024,20240101,true\n"
        b"1999-12-31,1970-01-01 00:00:00,02/01/2024,20231231,false\n"
    ),
    "ragged.csv": b"a,b\n1,2\n3\n4,5,6\n7,8\n",
    "semicolons.csv": "name;price\nété;1,50\nhiver;2,75\n".encode("cp1252"),
}


@dataclasses.dataclass(frozen=True)
class Dataset:
    owner: str
    slug: str
    title: str
    #: Contents by name inside the dataset.
    files: dict[str, bytes]

    @property
    def ref(self) -> str:
        return f"{self.owner}/{self.slug}"


def read_datasets(folder: pathlib.Path) -> list[Dataset]:
    datasets = []
    for metadata in sorted(folder.glob(f"*/*/{METADATA}")):
        root = metadata.parent
        files = {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file() and path != metadata and not any(part.startswith(".") for part in path.relative_to(root).parts)
        }
        title = json.loads(metadata.read_text("utf-8")).get("title", "")
        datasets.append(Dataset(root.parent.name, root.name, title, files))
    return datasets


def write_generated_datasets(folder: pathlib.Path) -> None:
    """Large enough to be cut in the middle; many enough to be paged; with folders, spaces and accents in names."""
    noise = random.Random(20240101)
    rows = "".join(f"{index},{noise.getrandbits(256):064x}\n" for index in range(60_000))
    _write(
        folder / "conformance/large",
        "Conformance large",
        {"large.csv": f"id,noise\n{rows}".encode(), "noise.bin": noise.randbytes(3_000_000)},
    )
    many = {f"part-{index:03}.csv": f"n\n{index}\n".encode() for index in range(45)}
    _write(folder / "conformance/many", "Conformance many", many)
    _write(folder / "conformance/types", "Conformance types", TYPES)
    names = {"a folder/été 1.csv": b"x\n1\n", "deep/er/est/y.json": b'[{"y": 1}]\n', "empty.csv": b"", "top.txt": b"t"}
    _write(folder / "conformance/names", "Conformance names", names)
    _write(folder / "competitions/conformance-cup", "Conformance cup", {"train.csv": b"a,b\n1,2\n", "test.csv": b"a\n1\n"})


def _write(root: pathlib.Path, title: str, files: dict[str, bytes]) -> None:
    metadata = {"title": title, "id": f"{root.parent.name}/{root.name}", "licenses": [{"name": "CC0-1.0"}]}
    for name, content in {METADATA: json.dumps(metadata).encode(), **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
