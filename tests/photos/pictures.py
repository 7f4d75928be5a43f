"""Pictures as cameras make them, and files that only look like some."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from random import Random

from PIL import Image

#: Stands in the metadata of `camera_jpeg`, and must stand nowhere in what is kept.
SECRETS = (b"Cilacap", b"Xiaomi", b"secret comment", b"secret profile", b"http://ns.adobe.com")


def noise(width: int, height: int) -> Image.Image:
    """The hardest picture to make small."""
    return Image.frombytes("RGB", (width, height), Random(1).randbytes(width * height * 3))


def halves(width: int, height: int) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), (250, 0, 0))
    image.paste((0, 0, 250), (width // 2, 0, width, height))
    return image


def camera_jpeg(image: Image.Image | None = None, orientation: int = 1, quality: int = 90) -> bytes:
    """With where and with what it was taken, a comment, a profile and a thumbnail's worth of XMP."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "Xiaomi"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "S", (7.0, 37.0, 12.5), "E", (109.0, 14.0, 30.1)
    gps[28] = b"Cilacap"
    out = BytesIO()
    (image or halves(640, 480)).save(
        out,
        "JPEG",
        quality=quality,
        exif=exif,
        comment=b"secret comment",
        icc_profile=b"secret profile" * 10,
        xmp=b"<x:xmpmeta xmlns:x='http://ns.adobe.com/xap/1.0/'>Cilacap</x:xmpmeta>",
    )
    return out.getvalue()


def encoded(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


def png_bomb(width: int, height: int) -> bytes:
    """A few bytes that say they unfold to this many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


NO_PICTURES = {
    "HTML": b"<!doctype html><script>alert(1)</script>" * 50,
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>',
    "GIF": encoded(halves(64, 48), "GIF"),
    "TIFF": encoded(halves(64, 48), "TIFF"),
    "half a JPEG": camera_jpeg()[:4_000],
    "the head of a JPEG": camera_jpeg()[:300],
    "a PNG cut off": encoded(noise(64, 48), "PNG")[:-3_000],
    "a bomb": png_bomb(30_000, 30_000),
    "a smaller bomb": png_bomb(6_000, 5_000),
    "zeros": b"\0" * 5_000,
    "a JPEG with HTML behind its first bytes": b"\xff\xd8\xff\xe0" + b"<script>alert(1)</script>" * 20,
}
