"""What comes in as a photo and what is kept of it. Pure: bytes in, a small JPEG without metadata out."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

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
#: More would take memory that a small server does not have: a file of few bytes may unfold to any size. A camera's
#: JPEG is decoded at a half or a quarter; everything else unfolds as a whole before it can be made smaller.
MOST_PIXELS_OF_A_CAMERA, MOST_PIXELS = 25_000_000, 6_000_000
#: A camera that takes two pictures at once writes them into one file, which Pillow gives a name of its own.
OF_A_CAMERA = ("JPEG", "MPO")
#: Decided by the content; a name or a declared kind counts for nothing.
FORMATS = ("JPEG", "PNG", "WEBP")
#: Kinds of pixels that can be mixed, without and with what shows through.
OPAQUE, SEE_THROUGH = ("RGB", "L", "CMYK"), ("RGBA", "LA")
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
#: One picture after the other, or several requests at once would need as many times the memory.
_one_at_a_time = Lock()


class NotAPicture(Exception):
    """The bytes are no picture, or not all of it."""


class TooManyPixels(NotAPicture):
    """It is one, but of more pixels than are unfolded here."""


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
    with _one_at_a_time:
        return _small_picture(content, quality)


def _small_picture(content: bytes, quality: str) -> Picture:
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
    """All of it was read, it stands upright, no edge is longer than `edge`, and it carries nothing but pixels."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > _most_pixels(image):
                raise TooManyPixels
            image.draft("RGB", _within(image, edge))
            image.load()
            # Small before anything else is done with it: each of the next steps makes a copy.
            return _bare(_upright(_scaled(image, edge)))
    except BOMBS as error:
        raise TooManyPixels from error
    except UNREADABLE as error:
        raise NotAPicture from error


def _most_pixels(image: Image.Image) -> int:
    """A progressive JPEG is held as a whole too, whatever size it is decoded at."""
    is_of_a_camera = image.format in OF_A_CAMERA and not image.info.get("progressive")
    return MOST_PIXELS_OF_A_CAMERA if is_of_a_camera else MOST_PIXELS


def _within(image: Image.Image, edge: int) -> tuple[int, int]:
    """Its size, made so small that no edge is longer than this."""
    factor = min(1, edge / max(image.size))
    return max(1, round(image.width * factor)), max(1, round(image.height * factor))


def _scaled(image: Image.Image, edge: int) -> Image.Image:
    """Not larger than needed. Colours from a table cannot be mixed, nor can one that stands for 'nothing'."""
    see_through = image.has_transparency_data
    if image.mode not in (SEE_THROUGH if see_through else OPAQUE):
        image = image.convert("RGBA" if see_through else "RGB")
    size = _within(image, edge)
    return image if size == image.size else image.resize(size, reducing_gap=2.0)


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
