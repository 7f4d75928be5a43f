"""What comes in as a photo and what is kept of it. Pure: bytes in, a small JPEG without metadata out."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image
from PIL.Image import Transpose

SMALL, CLEAR = "small", "clear"
QUALITIES = (SMALL, CLEAR)
#: The most bytes that are kept, and the longest edge in pixels to begin with.
MOST_BYTES = {SMALL: 60_000, CLEAR: 200_000}
LONGEST_EDGE = {SMALL: 1280, CLEAR: 1600}
#: Tried one after the other while the JPEG is too large: at each size first its quality goes down.
JPEG_QUALITIES = (80, 68, 55)
SHORTER_EDGES = (1280, 1024, 800, 640, 480, 320)
#: More would take memory that a small server does not have: a file of few bytes may unfold to any size.
MOST_PIXELS = 25_000_000
#: Decided by the content; a name or a declared kind counts for nothing.
FORMATS = ("JPEG", "PNG", "WEBP")
#: EXIF orientation → how to turn the picture upright.
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
#: What Pillow raises at files that are damaged or made to do damage.
UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, EOFError, struct.error)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class NotAPicture(Exception):
    """The bytes are no picture, or not all of it."""


class TooManyPixels(NotAPicture):
    """It is one, but larger than MOST_PIXELS."""


@dataclass(frozen=True)
class Picture:
    """A JPEG with nothing but the picture in it."""

    jpeg: bytes
    width: int
    height: int


def small_picture(content: bytes, quality: str) -> Picture:
    """`content` (JPEG, PNG or WebP) upright, small enough for `quality` (SMALL or CLEAR), without any metadata.

    Raises NotAPicture.
    """
    image = _decoded(content, LONGEST_EDGE[quality])
    edges = [LONGEST_EDGE[quality], *(edge for edge in SHORTER_EDGES if edge < LONGEST_EDGE[quality])]
    for edge in edges:
        image.thumbnail((edge, edge), reducing_gap=2.0)
        for jpeg_quality in JPEG_QUALITIES:
            jpeg = _encoded(image, jpeg_quality)
            if len(jpeg) <= MOST_BYTES[quality]:
                return Picture(jpeg, image.width, image.height)
    raise NotAPicture("not even a stamp of it is small enough")


def _decoded(content: bytes, edge: int) -> Image.Image:
    """All of it was read, it stands upright, and it carries nothing but pixels."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise TooManyPixels
            # A JPEG can be decoded at a half or a quarter, which takes a fraction of the memory.
            image.draft("RGB", (edge, edge))
            image.load()
            return _bare(_upright(image))
    except BOMBS as error:
        raise TooManyPixels from error
    except UNREADABLE as error:
        raise NotAPicture from error


def _upright(image: Image.Image) -> Image.Image:
    """As it was held. Where the metadata cannot be read the picture stays as it lies."""
    try:
        turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except UNREADABLE:
        turn = None
    return image.transpose(turn) if turn is not None else image


def _bare(image: Image.Image) -> Image.Image:
    """Its pixels on white, in a new image: a converted one would still carry comments and profiles along."""
    bare = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        shown = image.convert("RGBA")
        bare.paste(shown, mask=shown.getchannel("A"))
    else:
        bare.paste(image.convert("RGB"))
    return bare


def _encoded(image: Image.Image, jpeg_quality: int) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=jpeg_quality, optimize=True, progressive=True)
    return out.getvalue()
