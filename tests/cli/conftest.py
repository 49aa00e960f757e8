import pytest

SETTINGS = "title: A blog\nurl: https://blog.example\npermalink: /:title/\n"
LAYOUT = "<!doctype html><title>{{ page.title }}</title>{{ content }}\n"


@pytest.fixture
def jekyll_site(tmp_path):
    """A Jekyll site without any figures."""
    (tmp_path / "_layouts").mkdir()
    (tmp_path / "_layouts" / "post.html").write_text(LAYOUT)
    (tmp_path / "_config.yml").write_text(SETTINGS)
    return tmp_path
