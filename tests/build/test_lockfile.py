"""The lockfile is read and written within bounds, and what figgen writes it can read."""

import json
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figgen.build import lockfile
from figgen.build.builder import build
from figgen.build.lockfile import Entry, OutputRecord
from figgen.errors import ConfigError
from figgen.site.paths import discover
from tests.conftest import MINIMAL


def test_a_lockfile_that_could_not_be_read_again_is_not_written(tmp_path):
    (tmp_path / "configs").mkdir()
    inputs = {f"configs/P/{number}.csv": "0" * 64 for number in range(10_000)}
    entry = Entry({"assets/posts/P/a.png": OutputRecord("0" * 64, (1, 1))}, {"": "0"}, {}, inputs)
    many = {
        f"assets/posts/P/a{number}.png": entry._replace(
            outputs={f"assets/posts/P/a{number}.png": OutputRecord("0" * 64, (1, 1))}
        )
        for number in range(20)
    }
    with pytest.raises(ConfigError) as caught:
        lockfile.write(tmp_path, many)
    (finding,) = caught.value.findings
    assert (finding.path, finding.allowed) == ("figgen.lock", ("up to 16 MiB",))
    assert finding.message.startswith("too large: 17")
    assert lockfile.read(tmp_path) == {}


texts = st.text(max_size=20)
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,9}", fullmatch=True)
endings = st.sampled_from(["-dark.png", "-card.png", ".svg", "-dark.svg", ".webp", ".pdf"])
paths = st.lists(texts.filter(lambda part: not part.startswith(".")), min_size=1, max_size=3).map("/".join)
records = st.builds(OutputRecord, texts, st.tuples(st.integers(), st.integers()))


def is_input(path):
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return "\0" not in path and not path.startswith("/")


@st.composite
def lockfiles(draw):
    entries = {}
    for post, name in draw(st.lists(st.tuples(names, names), max_size=4)):
        artefact = f"assets/posts/{post}/{name}.png"
        further = draw(st.dictionaries(endings, records, max_size=3))
        outputs = {artefact: draw(records)} | {f"{artefact[:-4]}{ending}": made for ending, made in further.items()}
        entries[artefact] = Entry(
            outputs,
            {"": draw(texts), **draw(st.dictionaries(texts, texts, max_size=3))},
            draw(st.dictionaries(texts, texts, max_size=3)),
            draw(st.dictionaries(paths.filter(is_input), st.none() | texts, max_size=3)),
        )
    return entries


@given(lockfiles())
def test_what_is_written_is_read_again(entries):
    with tempfile.TemporaryDirectory() as folder:
        lockfile.write(Path(folder), entries)
        assert lockfile.read(Path(folder)) == entries


def test_digests_of_marks_without_that_of_what_all_share_are_malformed(site):
    """They would be written in a form that cannot be read."""
    outcomes = build(site, discover(site)[0])
    assert all(outcome.written for outcome in outcomes)
    data = json.loads((site / "figgen.lock").read_text())
    data["artefacts"]["assets/posts/Post/one.png"]["figgen"] = {"line": "0"}
    (site / "figgen.lock").write_text(json.dumps(data))
    with pytest.raises(ConfigError, match="malformed lockfile"):
        lockfile.read(site)


def test_data_by_a_hidden_link_is_not_read_since_no_lockfile_may_name_it(site):
    (site / "configs/Post/.link").symlink_to(site / "configs")
    (site / "configs/data.csv").write_text("x\n1\n2\n")
    config = MINIMAL.replace("{linspace: [0, 1, 3]}", "{csv: .link/data.csv, column: x}")
    (site / "configs/Post/one.yaml").write_text(config)
    for _ in range(2):
        (outcome,) = build(site, discover(site)[0])
        assert outcome.findings[0].message == ".link/data.csv: hidden file or folder"
