"""`make messages` writes into a session what figgen prints now."""

from tests.cli.sessions import read_session, write_session
from tests.config.test_bad_specs import BAD, Bad
from tools.update_messages import updated_case, updated_session

SESSION = """\
What it is about.

=== configs/Post/one.yaml
alt: A line.
layers: [{mark: line, x: 1, y: 1, colour: red}]

$ figgen validate
OLD MESSAGE
[2]

$ figgen new Post one
Error: configs/<…>
[9]
$ rm configs/Post/one.yaml
a line that is no longer printed
$ figgen build
"""


def test_a_session_has_what_is_printed_now(tmp_path):
    (tmp_path / "session.txt").write_text(SESSION)
    lines = updated_session(tmp_path / "session.txt").splitlines()
    old = SESSION.splitlines()
    assert lines[:7] == old[:7]
    assert lines[7].startswith("configs/Post/one.yaml:2:")
    assert "'colour'" in lines[7]
    assert lines[8:11] == ["configs: 0 valid, 1 invalid", "[1]", ""], "its status"
    assert lines[11:15] == ["$ figgen new Post one", "Error: configs/<…>", "[2]", "$ rm configs/Post/one.yaml"]
    assert lines[15] == "$ figgen build"
    assert lines[16].startswith("Error: no configs under SITE/configs")
    assert lines[17:] == ["[2]"]


def test_what_is_up_to_date_stays(tmp_path):
    (tmp_path / "session.txt").write_text(SESSION)
    updated = updated_session(tmp_path / "session.txt")
    (tmp_path / "session.txt").write_text(updated)
    assert updated_session(tmp_path / "session.txt") == updated
    assert write_session(read_session(updated)) == updated


def test_an_expected_text_is_what_is_printed_now():
    case = Bad(next(BAD.glob("*.yaml")))
    assert updated_case(case).splitlines() == case.expected
