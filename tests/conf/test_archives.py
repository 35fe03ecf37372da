"""A sealed stream gives back what went in, or nothing: no bit can be changed, dropped, moved or cut off."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from firstlight.conf import archives
from firstlight.conf.archives import ArchiveRefused, Opening, Sealing

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def sealed(plain: bytes, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    sealing = Sealing(target, "1", key, AT)
    sealing.write(plain)
    sealing.finish()
    return target.getvalue()


def opened(archive: bytes, key: bytes = KEY) -> bytes:
    return Opening(io.BytesIO(archive), {"1": key}).read()


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "CHUNK_BYTES", 64)


@given(plain=some.binary(max_size=400))
def test_what_was_sealed_opens(plain: bytes) -> None:
    assert plain == opened(sealed(plain))


@given(pieces=some.lists(some.binary(max_size=100), max_size=8), size=some.integers(min_value=1, max_value=90))
def test_pieces_make_no_difference(pieces: list[bytes], size: int) -> None:
    target = io.BytesIO()
    sealing = Sealing(target, "1", KEY, AT)
    for piece in pieces:
        sealing.write(piece)
    sealing.finish()
    opening = Opening(io.BytesIO(target.getvalue()), {"1": KEY})

    assert b"".join(pieces) == b"".join(iter(lambda: opening.read(size), b""))


@given(plain=some.binary(max_size=300), data=some.data())
def test_changed_bit_is_refused(plain: bytes, data: some.DataObject) -> None:
    archive = bytearray(sealed(plain))
    place = data.draw(some.integers(min_value=0, max_value=len(archive) * 8 - 1))
    archive[place // 8] ^= 1 << place % 8

    with pytest.raises(ArchiveRefused):
        opened(bytes(archive))


@given(plain=some.binary(min_size=130, max_size=300), data=some.data())
def test_cut_end_is_refused(plain: bytes, data: some.DataObject) -> None:
    archive = sealed(plain)
    kept = data.draw(some.integers(min_value=0, max_value=len(archive) - 1))

    with pytest.raises(ArchiveRefused):
        opened(archive[:kept])


def test_end_cut_off_between_two_chunks_is_refused() -> None:
    archive = sealed(bytes(200))
    last = len(archive) - (4 + 200 % 64 + 16)

    with pytest.raises(ArchiveRefused, match="cut off"):
        opened(archive[:last])


def test_bytes_added_at_the_end_are_refused() -> None:
    with pytest.raises(ArchiveRefused):
        opened(sealed(b"all of it") + b"more")


def test_two_chunks_in_each_others_place_are_refused() -> None:
    archive = sealed(bytes(64) + bytes([1]) * 64 + b"end")
    begin = archive.index(b"\n", len(archives.MAGIC)) + 1
    one, two, rest = archive[begin : begin + 84], archive[begin + 84 : begin + 168], archive[begin + 168 :]

    with pytest.raises(ArchiveRefused):
        opened(archive[:begin] + two + one + rest)


def test_other_key_is_named() -> None:
    with pytest.raises(
        ArchiveRefused, match=r"sealed under ring key 1 \([0-9a-f]{12}\), which the key file does not hold"
    ):
        opened(sealed(b"all of it"), OTHER_KEY)


def test_nothing_that_went_in_stands_in_the_file() -> None:
    archive = sealed(b"Maya Lindqvist " * 20)

    assert b"Maya" not in archive
    assert KEY not in archive
    assert KEY.hex().encode() not in archive


def test_one_content_is_never_sealed_twice_alike() -> None:
    assert sealed(b"the same") != sealed(b"the same")


class Counting(io.BytesIO):
    """A file that remembers the most that was asked of it at once."""

    most = 0

    def read(self, size: int | None = -1) -> bytes:
        self.most = max(self.most, size or 0)
        return super().read(size)


def test_chunk_that_claims_four_gigabytes_is_refused_before_it_is_read() -> None:
    """Anybody can write a length into a file; memory for it is taken at the first read."""
    archive = sealed(b"a" * 300)
    header = archive.index(b"\n", archive.index(b"\n") + 1) + 1
    source = Counting(archive[:header] + b"\xff" * 4 + archive[header + 4 :])

    with pytest.raises(ArchiveRefused, match="cut off or damaged"):
        Opening(source, {"1": KEY}).read()
    assert source.most < 5_000
