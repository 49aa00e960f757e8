"""The size and the description of a PNG are read from its first chunks."""

import pytest

from figgen.site.png import png_description, png_size


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
