"""Checksums of files, and files that are replaced whole."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.storage.files import checksum, make_folder, replace, sha256

SIZES = st.sampled_from([1, 7, 8, 4095, 4096, 4097, 1 << 20, (1 << 20) + 9])


def kept(folder: Path, data: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(data)
    return path


@given(size=SIZES, place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_any_flipped_bit_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, size: int, place: int, bit: int
) -> None:
    """Wherever it is, in a file of any length."""
    folder = tmp_path_factory.getbasetemp()
    data = bytearray(bytes(range(256)) * (size // 256 + 1))[:size]
    before = checksum(kept(folder, bytes(data)))
    assert checksum(kept(folder, bytes(data))) == before
    data[place % size] ^= 1 << bit
    assert checksum(kept(folder, bytes(data))) != before


@pytest.mark.parametrize("size", [4096, 10_000, (1 << 20) + 5])
def test_lost_and_moved_blocks_are_noticed(tmp_path: Path, size: int) -> None:
    """So are a file cut short, one with zeros at its end, and two blocks that changed places."""
    data = bytes(n * n % 251 for n in range(size))
    other = [data[:-1], data + b"\0", data + bytes(4096), data[4096:] + data[:4096], b""]
    before = checksum(kept(tmp_path, data))
    for changed in other:
        if changed != data:
            assert checksum(kept(tmp_path, changed)) != before


def test_sha256(tmp_path: Path) -> None:
    """As everybody computes it."""
    assert sha256(kept(tmp_path, b"abc")).startswith("ba7816bf8f01cfea414140de5dae2223")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    """An error while it is written leaves the old one, and nothing else."""
    path = kept(tmp_path, b"old")

    def fail(temporary: Path) -> None:
        temporary.write_bytes(b"ne")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        replace(path, fail)
    assert path.read_bytes() == b"old"
    replace(path, lambda temporary: temporary.write_bytes(b"new"))
    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_checksums_stay_what_they_were(tmp_path: Path) -> None:
    """Every index that there is records them."""
    known = {0: "5feceb66", 1: "257a18b2", 4096: "fc98fb6c", 1_048_577: "c4d6f84e"}
    for size, begins in known.items():
        data = bytes(n % 251 for n in range(size))
        assert checksum(kept(tmp_path, data)).startswith(begins)


def test_folders_are_made_with_those_above(tmp_path: Path) -> None:
    """Also where some, or all, are there."""
    for path in ("a/b/c", "a/b/c", "a/d", "."):
        make_folder(tmp_path / path)
        assert (tmp_path / path).is_dir()
    kept(tmp_path, b"")
    with pytest.raises(OSError, match=r"exists|directory"):
        make_folder(tmp_path / "file" / "a")
