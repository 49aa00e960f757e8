import pytest

from figgen.site.paths import discover
from tests.conftest import MINIMAL


def test_discover(site):
    (site / "configs" / "Other").mkdir()
    (site / "configs" / "Other" / "b-2.yaml").touch()
    (site / "configs" / "Other" / "notes.txt").touch()
    found, misnamed = discover(site)
    assert [(target.config, target.artefact, target.name) for target in found] == [
        ("configs/Other/b-2.yaml", "assets/posts/Other/b-2.png", "Other/b-2"),
        ("configs/Post/one.yaml", "assets/posts/Post/one.png", "Post/one"),
    ]
    assert not misnamed


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("Post/two.yml", "invalid file extension '.yml'"),
        ("two.yaml", "config is not in the folder of a post"),
        ("Post/deep/two.yaml", "config is not in the folder of a post"),
        ("Post/my figure.yaml", "file name is not URL-safe"),
        ("Post/ONE.yaml", "writes the same file as configs/Post/ONE.yaml on a case-insensitive file system"),
    ],
)
def test_a_misnamed_config_is_reported_and_the_others_are_built(site, path, message):
    (site / "configs" / path).parent.mkdir(exist_ok=True)
    (site / "configs" / path).write_text(MINIMAL)
    found, misnamed = discover(site)
    assert [finding.message for finding in misnamed] == [message]
    assert len(found) == 1
