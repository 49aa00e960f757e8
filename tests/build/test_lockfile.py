"""The lockfile is read and written within bounds."""

import pytest

from figgen.build import lockfile
from figgen.build.lockfile import Entry, OutputRecord
from figgen.errors import ConfigError


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
