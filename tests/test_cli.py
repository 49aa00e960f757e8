import pytest
from click.testing import CliRunner

from figgen import __version__
from figgen.cli import main
from tests.conftest import MINIMAL


def run(*args):
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_build(site):
    result = run("build", "--root", site)
    assert (result.exit_code, result.stdout) == (
        0,
        "wrote assets/posts/Post/one.png\nfigures: 1 written, 0 unchanged, 0 failed\n",
    )
    assert run("build", "--root", site).stdout == "figures: 0 written, 1 unchanged, 0 failed\n"


def test_build_by_name_and_from_below(site, monkeypatch):
    (site / "configs" / "Post" / "two.yaml").write_text(MINIMAL)
    monkeypatch.chdir(site / "configs" / "Post")
    assert run("build", "two.yaml").exit_code == 0
    assert [path.name for path in (site / "assets" / "posts" / "Post").iterdir()] == ["two.png"]


def test_list(site):
    assert run("list", "--root", site).stdout == "configs/Post/one.yaml -> assets/posts/Post/one.png\n"


def test_all_mistakes_of_all_files_in_one_run(site):
    (site / "configs" / "Post" / "a.yaml").write_text("alt: ''\nlayers: []\n")
    (site / "configs" / "Post" / "b.yaml").write_text("alt: [\n")
    (site / "configs" / "Post" / "c.yml").touch()
    for command in ("validate", "build"):
        result = run(command, "--root", site)
        assert result.exit_code == 1
        assert result.stderr.splitlines() == [
            "configs/Post/c.yml:1:1: a config that ends in '.yml'; allowed: .yaml; rename it to c.yaml",
            "configs/Post/a.yaml:1:7: alt: an empty text; allowed: at least one character",
            "configs/Post/a.yaml:2:9: layers: 0 items; allowed: at least 1 (marks, drawn in this order)",
            "configs/Post/b.yaml:2:1: not YAML: did not find expected node content",
        ]
    assert (site / "assets" / "posts" / "Post" / "one.png").exists()


def test_validate_writes_nothing(site):
    result = run("validate", "--root", site)
    assert (result.exit_code, result.stdout) == (0, "configs: 1 valid, 0 invalid\n")
    assert not (site / "assets").exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["build", "configs/Post/onne.yaml"], "no such config: configs/Post/onne.yaml; did you mean 'configs/Post/one.yaml'?"),
        (["build", "configs"], "no such config: configs"),
        (["build", "--root", "nowhere"], "Directory 'nowhere' does not exist"),
        (["bild"], "No such command 'bild'"),
        (["list", "extra"], "Got unexpected extra argument"),
    ],
)  # fmt: skip
def test_wrong_use(site, monkeypatch, args, message):
    monkeypatch.chdir(site)
    result = run(*args)
    assert result.exit_code == 2
    assert message in result.stderr


def test_no_site(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("build")
    assert result.exit_code == 2
    assert f"no configs/ in {tmp_path} or above it" in result.stderr
    (tmp_path / "configs").mkdir()
    assert "a figure is configs/<Post>/<name>.yaml" in run("build").stderr


def test_version_and_help():
    assert __version__ in run("--version").stdout
    for command in main.commands.values():
        assert command.help
