import errno
import shutil
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties, findfont, fontManager

from figgen.drawing.fonts import _bundled_fonts, families, font_context, site_fonts
from figgen.errors import ConfigError, Finding
from figgen.site.files import SiteFiles

BUNDLED = Path(mpl.get_data_path(), "fonts", "ttf")


@pytest.fixture
def font(tmp_path):
    """A font file of the site, by a family name of its own."""
    from fontTools.ttLib import TTFont

    font = TTFont(BUNDLED / "DejaVuSans.ttf")
    for record in font["name"].names:
        record.string = str(record).replace("DejaVu", "Site")
    (tmp_path / "fonts").mkdir()
    font.save(tmp_path / "fonts" / "site.ttf")
    return tmp_path


def test_a_damaged_font_cache_of_the_machine_hides_no_font(tmp_path, monkeypatch):
    """matplotlib keeps its list of fonts in a file of the user's, which another program can have written."""
    monkeypatch.setattr(fontManager, "ttflist", [])
    _bundled_fonts.cache_clear()
    with site_fonts(SiteFiles(tmp_path), "nowhere") as bundled:
        assert "DejaVu Sans" in families(bundled)
    assert {Path(entry.fname) for entry in bundled} == set(BUNDLED.glob("*.ttf"))


def test_the_fonts_are_matplotlibs_and_the_sites(font):
    with site_fonts(SiteFiles(font), "nowhere") as bundled:
        assert "Site Sans" not in families(bundled)
    with site_fonts(SiteFiles(font), "fonts") as found:
        assert "Site Sans" in families(found)
    assert all(BUNDLED in Path(entry.fname).parents for entry in found if entry.name != "Site Sans")


def test_a_file_that_is_not_a_font(tmp_path):
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "a.ttf").write_bytes(b"no font")
    (tmp_path / "fonts" / "B.OTF").write_bytes(b"no font")
    (tmp_path / "fonts" / "README").touch()
    with pytest.raises(ConfigError) as caught, site_fonts(SiteFiles(tmp_path), "fonts"):
        pass
    assert caught.value.findings == tuple(
        Finding(f"fonts/{name}", 1, 1, "", "not a font", ("TTF and OTF files",)) for name in ("B.OTF", "a.ttf")
    )


def test_without_room_for_a_copy_of_a_font_the_place_and_the_reason_are_told(font, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    for target in ("tempfile.mkdtemp", "pathlib.Path.write_bytes"):
        with monkeypatch.context() as patched:
            patched.setattr(target, full)
            with pytest.raises(ConfigError) as caught, site_fonts(SiteFiles(font), "fonts"):
                pass
        hint = "make room in the folder for temporary files, or set TMPDIR to another one"
        message = "cannot be copied: No space left on device"
        assert caught.value.findings == (Finding("fonts", 1, 1, "", message, hint=hint),)


def test_a_font_of_the_machine_is_never_chosen(font, tmp_path, monkeypatch):
    """Install a font with the name of a bundled one, where it is found first."""
    impostor = tmp_path / "DejaVuSans.ttf"
    shutil.copy(BUNDLED / "DejaVuSans.ttf", impostor)
    monkeypatch.setattr(
        fontManager, "ttflist", [font_manager.ttfFontProperty(font_manager.get_font(impostor)), *fontManager.ttflist]
    )
    machine = fontManager.ttflist
    outside = FontProperties(family="DejaVu Sans", size=11.5)
    with site_fonts(SiteFiles(font), "fonts") as fonts, mpl.rc_context(), font_context(fonts):
        assert findfont(outside) == str(BUNDLED / "DejaVuSans.ttf")
        assert Path(findfont(FontProperties(family="Site Sans"))).read_bytes() == (font / "fonts/site.ttf").read_bytes()
    assert fontManager.ttflist is machine
    with mpl.rc_context({"font.fantasy": ["none such"]}):
        assert findfont(outside) == str(impostor)
