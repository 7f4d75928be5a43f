"""What is kept of a picture: small, upright, and nothing but the picture."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.photos.pictures import NO_PICTURES, SECRETS, camera_jpeg, encoded, halves, noise, png_bomb
from webapp.photos import picture
from webapp.photos.picture import CLEAR, MOST_BYTES, SMALL, NotAPicture, TooManyPixels, small_picture


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(BytesIO(jpeg))
    image.load()
    return image


def test_where_and_with_what_it_was_taken_is_gone() -> None:
    content = camera_jpeg()
    assert all(secret in content for secret in SECRETS)
    assert dict(Image.open(BytesIO(content)).getexif().get_ifd(0x8825))
    kept = small_picture(content, SMALL).jpeg
    assert not any(secret in kept for secret in SECRETS)
    image = opened(kept)
    assert not dict(image.getexif())
    assert not set(image.info) & {"exif", "icc_profile", "comment", "xmp", "photoshop", "mp"}


@pytest.mark.parametrize("quality", [SMALL, CLEAR])
@pytest.mark.parametrize("size", [(2400, 1800), (900, 3000)])
def test_even_the_hardest_picture_becomes_small(quality: str, size: tuple[int, int]) -> None:
    kept = small_picture(encoded(noise(*size), "JPEG"), quality)
    assert len(kept.jpeg) <= MOST_BYTES[quality]
    assert opened(kept.jpeg).size == (kept.width, kept.height)


def test_a_clear_photo_keeps_more_of_it() -> None:
    content = camera_jpeg(halves(3200, 2400))
    assert small_picture(content, SMALL).width == 1280
    assert small_picture(content, CLEAR).width == 1600


def test_a_small_one_is_not_made_larger() -> None:
    kept = small_picture(camera_jpeg(halves(320, 240)), CLEAR)
    assert (kept.width, kept.height) == (320, 240)


def test_it_stands_as_it_was_held() -> None:
    """Orientation 6: the camera lay on its right side, so what was left is up."""
    kept = small_picture(camera_jpeg(halves(640, 480), orientation=6), SMALL)
    assert (kept.width, kept.height) == (480, 640)
    image = opened(kept.jpeg)
    assert image.getpixel((240, 100))[0] > 200
    assert image.getpixel((240, 540))[2] > 200


@pytest.mark.parametrize("orientation", range(10))
def test_every_orientation_can_be_read(orientation: int) -> None:
    kept = small_picture(camera_jpeg(orientation=orientation), SMALL)
    assert {kept.width, kept.height} == {640, 480}


MODES = {"PNG": ("RGB", "RGBA", "L", "P", "1", "LA"), "WEBP": ("RGB", "RGBA"), "JPEG": ("RGB", "L", "CMYK")}


@pytest.mark.parametrize(("kind", "mode"), [(kind, mode) for kind, modes in MODES.items() for mode in modes])
def test_every_kind_of_pixels_becomes_a_jpeg(kind: str, mode: str) -> None:
    content = encoded(halves(80, 60).convert(mode), kind)
    assert opened(small_picture(content, SMALL).jpeg).mode == "RGB"


def test_what_shows_through_lies_on_white() -> None:
    content = encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG")
    assert opened(small_picture(content, SMALL).jpeg).getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize("what", NO_PICTURES)
def test_what_is_no_picture_is_refused(what: str) -> None:
    with pytest.raises(NotAPicture):
        small_picture(NO_PICTURES[what], SMALL)


@pytest.mark.parametrize("size", [(3_000, 2_001), (6_000, 5_000), (10_000, 10_000), (30_000, 30_000)])
def test_a_bomb_is_refused_before_it_unfolds(size: tuple[int, int]) -> None:
    with pytest.raises(TooManyPixels):
        small_picture(png_bomb(*size), SMALL)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_metadata_that_cannot_be_read_hides_no_picture() -> None:
    content = camera_jpeg()
    start = content.index(b"Exif\0\0") + 6
    broken = content[:start] + b"MM\0*\xff\xff\xff\xff" + content[start + 8 :]
    assert small_picture(broken, SMALL).width == 640


PEAK = """
import resource, sys
from webapp.photos.picture import SMALL, small_picture
content = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
small_picture(content, SMALL)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(
    ("kind", "mode", "size"),
    [("PNG", "RGBA", (3_000, 2_000)), ("JPEG", "RGB", (5_000, 5_000)), ("JPEG", "RGB", (25_000, 1_000))],
)
def test_the_largest_that_is_taken_needs_little_memory(kind: str, mode: str, size: tuple[int, int]) -> None:
    content = encoded(Image.new(mode, size), kind)
    peak = subprocess.run([sys.executable, "-c", PEAK], input=content, capture_output=True, check=True).stdout
    assert int(peak) < 110, "megabytes"


def test_a_jpeg_that_unfolds_as_a_whole_may_have_fewer_pixels() -> None:
    out = BytesIO()
    Image.new("RGB", (3_000, 2_100)).save(out, "JPEG", progressive=True)
    with pytest.raises(TooManyPixels):
        small_picture(out.getvalue(), SMALL)
    assert small_picture(encoded(Image.new("RGB", (3_000, 2_100)), "JPEG"), SMALL).width == 1280


def test_one_colour_that_stands_for_nothing_is_white_at_any_size() -> None:
    image, out = Image.new("RGB", (2_000, 1_000), (1, 2, 3)), BytesIO()
    image.save(out, "PNG", transparency=(1, 2, 3))
    assert opened(small_picture(out.getvalue(), SMALL).jpeg).getpixel((600, 300)) == (255, 255, 255)


def test_pictures_are_unfolded_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once: list[int] = []
    inside = 0

    def slowly(*args: Any) -> Image.Image:
        nonlocal inside
        inside += 1
        at_once.append(inside)
        time.sleep(0.02)
        inside -= 1
        return halves(64, 48)

    monkeypatch.setattr(picture, "_decoded", slowly)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: small_picture(b"", SMALL), range(4)))
    assert at_once == [1] * 4
