"""Zip packages without anything of the machine in them: no clock, no owner, no zlib version."""

import io
import struct
import zipfile
import zlib

import zopfli.zlib

# 1 January 1980, the earliest date that a zip can hold.
_DATE, _TIME = 0x0021, 0x0000
_UTF8 = 0x0800
_STORED, _DEFLATED = 0, 8


def pack(parts: list[tuple[str, bytes]], stored: frozenset[str] = frozenset()) -> bytes:
    """A zip of these parts in this order.

    Compressed by zopfli, which is pinned: what zlib makes of the same bytes differs between its builds.
    """
    body = bytearray()
    directory = bytearray()
    for name, data in parts:
        method = _STORED if name in stored else _DEFLATED
        packed = data if method == _STORED else _deflate(data)
        encoded = name.encode()
        flags = 0 if encoded.isascii() else _UTF8
        common = struct.pack("<HHHHHIIIHH", 20, flags, method, _TIME, _DATE, zlib.crc32(data), len(packed), len(data), len(encoded), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + encoded
        body += b"PK\x03\x04" + common + encoded + packed
    end = struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(directory), len(body), 0)
    return bytes(body + directory + b"PK\x05\x06" + end)


def unpack(data: bytes) -> list[tuple[str, bytes]]:
    """The parts of a zip in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return [(name, package.read(name)) for name in package.namelist()]


def _deflate(data: bytes) -> bytes:
    """Raw deflate: without the header and the checksum of the zlib container."""
    container: bytes = zopfli.zlib.compress(data, numiterations=5)
    return container[2:-4]
