"""The size and the description of a PNG are read from its first chunks."""

import io

import pytest
from PIL import Image

from figgen.site.png import (
    MAX_PIXELS,
    UNREADABLE,
    has_same_pixels,
    open_picture,
    open_png,
    png_description,
    png_size,
    row_bands,
)


def test_the_size_of_a_picture(drawn):
    assert png_size((drawn / "assets/posts/Post/one.png").read_bytes()) == (300, 200)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a" * 9])
def test_what_is_not_a_png_has_no_size(content):
    with pytest.raises(ValueError, match="not a PNG"):
        png_size(content)


def test_the_description_of_a_picture(drawn):
    assert png_description((drawn / "assets/posts/Post/one.png").read_bytes()) == "A rising line: f[x] = 2x."
    assert png_description((drawn / "assets/posts/Post/two.png").read_bytes()) == "Δ & “two”."
    assert png_description(b"") == ""


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF\n"


@pytest.mark.parametrize("content", [b"", EPS, b"GIF89a" * 99, b"II*\0" * 99, b"\x89PNG"], ids=repr)
def test_only_pngs_are_opened(content, monkeypatch):
    """Pillow runs Ghostscript for an EPS, and has had faults in its other decoders."""
    monkeypatch.setattr("PIL.Image.open", None)
    with pytest.raises(ValueError, match="not a PNG"), open_png(content):
        pass


def test_a_picture_that_is_too_large_is_not_decoded(drawn, monkeypatch):
    content = (drawn / "assets/posts/Post/one.png").read_bytes()
    side = int(MAX_PIXELS**0.5) + 1
    large = content[:16] + side.to_bytes(4, "big") * 2 + content[24:]
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile", None)
    with (
        pytest.raises(
            ValueError, match=f"{side:,} x {side:,} pixels, more than 100,000 on a side or 100,000,000 in all"
        ),
        open_png(large),
    ):
        pass


def test_a_damaged_picture(drawn):
    content = (drawn / "assets/posts/Post/one.png").read_bytes()
    for damaged in (content[:40], content[:-300], content[:50] + bytes(50) + content[100:]):
        with pytest.raises(UNREADABLE), open_png(damaged) as image:
            image.load()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_pixels_are_compared_band_by_band(mode, monkeypatch):
    monkeypatch.setattr("figgen.site.png._BAND", 20)
    one = Image.effect_noise((7, 9), 60).convert(mode)
    assert has_same_pixels(one, one.convert("RGBA"))
    for place in ((0, 0), (6, 2), (3, 8)):
        other = one.convert("RGBA")
        other.putpixel(place, (1, 2, 3, 4))
        assert not has_same_pixels(one, other)
    assert not has_same_pixels(one, one.resize((9, 7)))


@pytest.mark.parametrize("size", [(1, 1), (7, 9), (100, 1), (1, 100), (3, 0)])
def test_bands_cover_each_row_once(size, monkeypatch):
    monkeypatch.setattr("figgen.site.png._BAND", 20)
    bands = [*row_bands(*size)]
    assert [row for top, bottom in bands for row in range(top, bottom)] == [*range(size[1])]
    assert all(bottom - top == 1 or (bottom - top) * size[0] <= 20 for top, bottom in bands)


def test_a_picture_that_is_too_long_is_not_decoded(drawn):
    content = (drawn / "assets/posts/Post/one.png").read_bytes()
    long = content[:16] + (100_001).to_bytes(4, "big") + (1).to_bytes(4, "big") + content[24:]
    with pytest.raises(ValueError, match="more than 100,000 on a side"), open_png(long):
        pass


@pytest.mark.parametrize("form", ["png", "webp"])
def test_a_picture_of_either_format_is_opened_if_it_is_small_enough(form, monkeypatch):
    buffer = io.BytesIO()
    Image.new("RGBA", (9, 8), (1, 2, 3, 255)).save(buffer, form, lossless=True)
    with open_picture(buffer.getvalue()) as image:
        assert (image.size, image.convert("RGBA").getpixel((8, 7))) == ((9, 8), (1, 2, 3, 255))
    monkeypatch.setattr("figgen.site.png.MAX_PIXELS", 71)
    with pytest.raises(ValueError, match="9 x 8 pixels"), open_picture(buffer.getvalue()):
        pass


@pytest.mark.parametrize("content", [b"", b"GIF89a" * 9, b"RIFF\x10\0\0\0WEBPVP8L" + bytes(9), b"%!PS-Adobe-3.0"])
def test_nothing_else_is_a_picture(content):
    with pytest.raises(UNREADABLE), open_picture(content):
        pass
