"""Every message of figgen, with the input that provokes it.

tests/cli/sessions.py says how they are written. Which messages there are is read from the source of figgen, so that one which no session shows is missed.
"""

import ast
import contextlib
import errno
import importlib
import itertools
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from figgen.build.dask import Missing
from figgen.build.picture import Output
from figgen.build.render_jobs import Origin, Rendered
from figgen.site.paths import MAIN_ENDING
from tests.cli.sessions import SESSIONS, matches, read_session, run
from tests.config.test_bad_specs import CASES
from tests.conftest import MINIMAL
from tests.figures import ROOT

LONG = {"baselines", "build", "causes", "diff", "system", "variants"}  # they draw many figures


@pytest.mark.parametrize(
    "session",
    [pytest.param(path, marks=[pytest.mark.slow] if path.stem in LONG else []) for path in SESSIONS],
    ids=lambda session: session.stem,
)
@pytest.mark.slow
def test_each_command_prints_what_its_session_says(session, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for step in read_session(session.read_text(encoding="utf-8")).steps:
        if step.is_file:
            step.write_to(tmp_path)
            continue
        printed, status = run(step.name, tmp_path)
        odd = [pair for pair in zip(printed, step.printed, strict=False) if not matches(*pair)]
        assert (odd, len(printed), status) == ([], len(step.printed), step.status), (step.name, printed)


# Faults of the system, of libraries and of figgen, which no input causes.


def fails(error: BaseException) -> Callable[..., Any]:
    def call(*_, **__):
        raise error

    return call


def gives(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


def ends(end: Callable[[], Any]) -> Callable[..., Any]:
    """End the process that calls this, which is a worker."""
    parent = os.getpid()
    return lambda *_, **__: os.getpid() == parent or end()


def cluster(submit: Callable[..., Any] | None = None, **wrong: Callable[..., Any]) -> dict[str, Any]:
    """Put a cluster of Dask's with one worker in the place of the package, on which something goes wrong."""
    client = {
        "wait_for_workers": gives(None),
        "run": gives({}),
        "nthreads": gives({"worker": 1}),
        "get_executor": gives(SimpleNamespace(submit=submit)),
        "close": gives(None),
    }
    made = wrong.pop("made", gives(SimpleNamespace(**client | wrong)))
    return {
        "sys.modules.distributed": SimpleNamespace(Client=made, __spec__=True),
        "sys.modules.dask": SimpleNamespace(config=SimpleNamespace(set=gives(contextlib.nullcontext()))),
    }


def answers(answer: Callable[[], Any]) -> Callable[..., Future[Any]]:
    """Answer whatever is sent to a worker at once."""

    def submit(*_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(answer())
        return future

    return submit


def cancelled(*_: Any, **__: Any) -> Future[Any]:
    future: Future[Any] = Future()
    future.cancel()
    future.set_running_or_notify_cancel()
    return future


def saved(folder: Path, **_: Any) -> Iterator[set[tuple[str, str]]]:
    """Report again and again that a file of a folder was saved, as watchfiles does."""
    yield set()
    for _ in range(100):
        time.sleep(0.1)
        yield {("modified", f"{folder}/Post/one.yaml")}


def watcher(watch: Callable[..., Any]) -> dict[str, Any]:
    return {"sys.modules.watchfiles": SimpleNamespace(watch=watch, __spec__=True)}


class Fault(NamedTuple):
    """What fails, and what a command on a site of one figure prints then."""

    command: str
    replaced: dict[str, Any]
    said: tuple[str, ...]
    status: int = 1
    config: str = MINIMAL
    second: bool = False  # there is another figure


ONE = "configs/Post/one.yaml:1:1: "
MORE = "allowed: up to 4,096 MiB; raise the limit with FIGGEN_LIMITS=memory_mib=<…>"
LOGS = "; see the logs of the scheduler and the workers; each worker needs this version of figgen and its libraries"
FAILED = "figures: 0 built, 0 fresh, 1 failed"
INVALID = "configs: 0 valid, 1 invalid"
OTHER = Rendered(
    {MAIN_ENDING: Output(b"", (1, 1))}, {}, {}, origin=Origin("there (process 7)", "0123456789abcdef", {"numpy": "1.0"})
)
TRANSPORT = itertools.count()
CHANGED = itertools.count()

FAULTS = {
    "no memory to begin with": Fault(
        "validate", {"figgen.build.picture.make_pictures": fails(MemoryError())},
        (f"{ONE}not drawn: out of memory; {MORE}", INVALID),
    ),
    "no more memory in the machine": Fault(
        "validate", {"figgen.build.picture.make_pictures": fails(MemoryError()), "figgen.site.limits._machine_mib": gives(4096)},
        (f"{ONE}not drawn: out of memory; allowed: up to 4,096 MiB; draw fewer values, or draw it on a machine that has more memory", INVALID),
    ),
    "no memory to draw": Fault(
        "validate", {"figgen.drawing.figure.draw_figure": fails(MemoryError())},
        (f"{ONE}out of memory; {MORE}", INVALID),
    ),
    "a fault of figgen's own": Fault(
        "validate", {"figgen.build.picture.make_pictures": fails(KeyError("x"))},
        (f"{ONE}internal error (please report): KeyError: 'x'; run with --debug to see the traceback", INVALID),
    ),
    "a worker that is killed": Fault(
        "validate", {"figgen.build.picture.make_pictures": ends(lambda: os.kill(os.getpid(), signal.SIGKILL))},
        (f"{ONE}not drawn: worker killed (possibly out of memory)", INVALID),
    ),
    "a worker that ends": Fault(
        "validate", {"figgen.build.picture.make_pictures": ends(lambda: os._exit(7))},
        (f"{ONE}not drawn: worker ended with status 7", INVALID),
    ),
    "a worker that breaks off": Fault(
        "validate", {"figgen.build.picture.make_pictures": ends(lambda: os.kill(os.getpid(), signal.SIGTERM))},
        (f"{ONE}not drawn: worker ended with SIGTERM", INVALID),
    ),
    "no process": Fault(
        "validate", {"os.fork": fails(OSError(errno.EAGAIN, "Resource temporarily unavailable"))},
        (f"{ONE}not drawn: cannot start a process: Resource temporarily unavailable", INVALID),
    ),
    "no process for several": Fault(
        "build --jobs 1", {"os.fork": fails(OSError(errno.EAGAIN, "Resource temporarily unavailable"))},
        (
            f"{ONE}not drawn: cannot start a process: Resource temporarily unavailable",
            "configs/Post/two.yaml:1:1: not drawn: cannot start a process: Resource temporarily unavailable",
            "figures: 0 built, 0 fresh, 2 failed",
        ),
        second=True,
    ),
    "no room for the lockfile": Fault(
        "build", {"figgen.build.lockfile.write_below": fails(OSError(errno.ENOSPC, "No space left on device"))},
        (
            "wrote assets/posts/Post/one.png",
            "figgen.lock:1:1: cannot be written: No space left on device; the pictures are written; once this is fixed, the next build records them",
        ),
    ),
    "no compressor": Fault(
        "validate", {"importlib.util.find_spec": gives(None)},
        (
            "configs/Post/one.yaml:6:11: optimize: 'optimize' needs the package pyoxipng, which is not installed; install figgen's extra 'optimize': pip install -e '.[optimize]' in its checkout, or add the package to figgen.requirements.txt of a site, with hashes",
            INVALID,
        ),
        config=MINIMAL + "optimize: true\n",
    ),
    "no compressor for one run": Fault(
        "build --optimize", {"importlib.util.find_spec": gives(None)},
        ("Error: --optimize needs the package pyoxipng, which is not installed; install figgen's extra 'optimize': <…>",), 2,
    ),
    "no git": Fault("diff", {"shutil.which": gives(None)}, ("Error: git is not installed; 'figgen diff' reads the base revision with it",), 2),
    "git fails without a message": Fault(
        "diff", {"shutil.which": gives("/usr/bin/false")}, ("Error: git rev-parse: exit status 1",), 2,
    ),
    "no watchfiles": Fault(
        "watch", {"importlib.util.find_spec": gives(None)},
        ("Error: figgen watch needs the package watchfiles, which is not installed; install figgen's extra 'watch': <…>",), 2,
    ),
    "no port": Fault(
        "watch --serve --port 8000",
        {"figgen.watch.server.Server.__init__": fails(OSError(errno.EADDRINUSE, "Address already in use")), **watcher(saved)},
        ("Error: cannot use port 8000: Address already in use",), 2,
    ),
    "no watching": Fault(
        "watch", watcher(fails(OSError("too many watches"))), ("cannot watch files: too many watches",),
    ),
    "a watcher that ends": Fault(
        "watch", watcher(gives(())), ("the process that watches files has ended",),
    ),
    "figgen changed meanwhile": Fault(
        "watch --serve", {**watcher(saved), "figgen.watch.redraw._installed_code": lambda _: next(CHANGED)},
        (
            "watching configs/, shown at http://127.0.0.1:<…>/",
            "wrote assets/posts/Post/one.png in <…> s",
            "figgen or a library that it draws with has changed; restart 'figgen watch'",
        ),
    ),
    "no Dask": Fault(
        "build --dask a:1", {"importlib.util.find_spec": gives(None)},
        ("Error: --dask needs the package distributed, which is not installed; install figgen's extra 'dask': <…>",), 2,
    ),
    "no scheduler": Fault(
        "build --dask a:1", cluster(made=fails(OSError("Timed out. And more."))),
        ("Error: no Dask scheduler at 'a:1': OSError: Timed out",), 2,
    ),
    "a silent scheduler": Fault(
        "build --dask a:1", {**cluster(made=lambda *_, **__: time.sleep(5)), "figgen.build.dask.CONNECT_TIMEOUT": -0.9},
        ("Error: no Dask scheduler at 'a:1': no answer within 0.1 s",), 2,
    ),
    "a cluster without workers": Fault(
        "build --dask a:1", cluster(wait_for_workers=fails(TimeoutError())),
        ("Error: the Dask cluster at 'a:1': it has no workers",), 2,
    ),
    "workers that are not ready": Fault(
        "build --dask a:1", cluster(run=fails(OSError("gone"))),
        ("Error: the Dask cluster at 'a:1': its workers are not ready: OSError: gone",), 2,
    ),
    "workers without figgen": Fault(
        "build --dask a:1", cluster(run=gives({"tcp://w": ImportError("figgen")})),
        ("Error: the Dask cluster at 'a:1': figgen does not run on its worker tcp://w: ImportError: figgen",), 2,
    ),
    "a scheduler that is lost": Fault(
        "build --dask a:1", cluster(nthreads=fails(OSError("gone"))),
        (f"{ONE}not drawn: connection to the scheduler lost: OSError: gone{LOGS}", FAILED),
    ),
    "a cluster that is closed": Fault(
        "build --dask a:1", cluster(fails(RuntimeError("closed"))),
        (f"{ONE}not drawn: the executor accepts no more jobs: RuntimeError: closed{LOGS}", FAILED),
    ),
    "workers that are lost": Fault(
        "build --dask a:1", cluster(cancelled),
        (f"{ONE}not drawn: connection to the workers lost{LOGS}", FAILED),
    ),
    "workers that are silent": Fault(
        "build --dask a:1", {**cluster(lambda *_, **__: Future()), "figgen.build.dask.TIMEOUT": 0.1},
        (f"{ONE}not drawn: no worker answered for 0.1 s{LOGS}", FAILED),
    ),
    "a worker that forgets": Fault(
        "build --dask a:1", cluster(answers(lambda: Missing("configs/Post/one.yaml"))),
        (f"{ONE}not drawn: its worker asked twice for configs/Post/one.yaml{LOGS}", FAILED),
    ),
    "a worker that never has enough": Fault(
        "build --dask a:1", {**cluster(answers(lambda: Missing(f"{next(TRANSPORT)}"))), "figgen.build.dask.ROUNDS": 3},
        (f"{ONE}not drawn: its worker asked for files 3 times{LOGS}", FAILED),
    ),
    "a worker with other libraries": Fault(
        "build --dask a:1", {**cluster(answers(lambda: OTHER)), "figgen.build.fingerprint.versions": gives({"numpy": "2.0"})},
        (
            f"{ONE}result of worker there (process 7) refused: its versions differ from those here (figgen's drawing code 0123456789ab -> <…>, numpy 1.0 -> 2.0); install the same versions there, and restart the worker",
            FAILED,
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_reported(name, site, monkeypatch):
    fault = FAULTS[name]
    (site / "configs/Post/one.yaml").write_text(fault.config)
    if fault.second:
        (site / "configs/Post/two.yaml").write_text(MINIMAL)
    monkeypatch.chdir(site)
    for target, replacement in fault.replaced.items():
        if target.startswith("sys.modules."):
            monkeypatch.setitem(sys.modules, target.removeprefix("sys.modules."), replacement)
        else:
            monkeypatch.setattr(*resolved(target), replacement)
    said, status = run(f"figgen {fault.command}", site)
    odd = [pair for pair in zip(said, fault.said, strict=False) if not matches(*pair)]
    assert (odd, len(said), status) == ([], len(fault.said), fault.status), said


def resolved(target: str) -> tuple[Any, str]:
    """Return the module or class that a dotted name is in, and its last part; `figgen.build` is a function, too."""
    owner, _, name = target.rpartition(".")
    with contextlib.suppress(ModuleNotFoundError):
        return importlib.import_module(owner), name
    module, _, of_class = owner.rpartition(".")
    return getattr(importlib.import_module(module), of_class), name


class Message(NamedTuple):
    """A text that figgen can print, with `…` for what it puts in, and its place in the source."""

    place: str
    text: str

    @property
    def pattern(self) -> re.Pattern[str]:
        written = ".*".join(map(re.escape, self.text.strip("…").split("…")))
        return re.compile(rf"(?<![^\W\d_]){written}" if self.text[:1].isalpha() else written)

    def is_of(self, words: str) -> bool:
        """Check whether a test that asserts some words asserts this message."""
        return words in self.text or self.pattern.search(words) is not None


# Parts of the source with texts that are no messages, and why they are not.
NO_MESSAGES = {
    "figgen/review/description/": "the keys of what `figgen describe` prints as JSON, which test_content reads",
    "figgen/watch/server.py": "HTML, and the headers that a page is sent with",
    "figgen/regression/html_report.py": "HTML",
    "figgen/config/example.py": "the lines of a new config",
    "figgen/site/png.py": "an error that its callers catch",
}
NO_MESSAGES_IN = {
    "EXAMPLE": "the config of an example",
    "LIMITS": "what docs/reference/commands.md says of the limits",
    "_OUTSIDE": "what matplotlib calls the places of a legend",
    r"_D_\w+|_U": "derivatives, as formulas",
    r"_ABOUT_\w+": "summaries of functions",
    r"\(?MARKDOWN, .*": "the kinds of images in a post, which are never printed",
    "_drift_key|_freetype|_file_digest": "names in the cache of digests",
    "NUMBER_FORMAT": "a pattern",
    "digest": "the placeholder for the digest of a file that cannot be read",
    "_dump": "the lines of the lockfile",
    "_svg": "the beginning of an SVG",
}
# Handed to these, a text is a pattern, a formula, a help text, or what another text is searched for.
NO_MESSAGES_TO = {
    "compile", "endswith", "findall", "finditer", "format_option", "fullmatch", "function", "functions", "log_step",
    "match", "parse", "partition",
    "removeprefix", "search", "startswith", "sub",
}  # fmt: skip
NO_MESSAGES_AS = {"description", "help", "metavar"}


def messages() -> list[Message]:
    """List all messages of figgen: every text in its source that has words and blanks, but for the tables above.

    Docstrings, annotations, the keys of tables and what is compared are no messages either.
    """
    found: list[Message] = []
    for path in sorted((ROOT / "figgen").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(tuple(NO_MESSAGES)):
            found += _messages(ast.parse(path.read_text(encoding="utf-8")), name)
    return found


def _messages(node: ast.AST, path: str) -> Iterator[Message]:
    if isinstance(node, ast.Constant | ast.JoinedStr):
        text = _text(node)
        if " " in text.strip() and re.search(r"[a-z]{2}", text):
            yield Message(f"{path}:{node.lineno}", text)
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_apart(node, name, child) and not isinstance(node, ast.JoinedStr):
                yield from _messages(child, path)


def _text(node: ast.AST) -> str:
    """Return a text with `…` for what is put in, from an f-string or one for `format`."""
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
    return re.sub(r"\{\w*\}", "…", node.value) if isinstance(node.value, str) else ""


def _is_apart(node: ast.AST, name: str, child: ast.AST) -> bool:
    """Check whether a part of the source has no messages."""
    match node:
        case ast.Expr():
            return isinstance(child, ast.Constant)
        case ast.Compare() | ast.Subscript():
            return True
        case ast.Dict():
            return name == "keys"
        case ast.keyword(arg=keyword):
            return keyword in NO_MESSAGES_AS
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)):
            return called in NO_MESSAGES_TO and name == "args"
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            return name == "annotation" or _has_none(ast.unparse(target))
        case ast.FunctionDef(name=called):
            return name == "returns" or _has_none(called)
    return name == "annotation"


def _has_none(name: str) -> bool:
    return any(re.fullmatch(pattern, name) for pattern in NO_MESSAGES_IN)


# Messages that need two processes, a terminal, or more figures than one, and the tests that make them.
ELSEWHERE: dict[str, str] = {
    "waiting for another figgen build to finish": "build/test_crash.py::test_a_second_build_waits_and_says_so",
    "; its picture stays": "watch/test_watch.py::test_what_is_saved_is_drawn",
    "fresh {ARTEFACT}": "watch/test_watch.py::test_what_is_saved_is_drawn",
    "Change Makefile? [y/N]": "cli/test_init.py::test_at_a_terminal_it_asks",
    "cannot determine where figgen was installed from; pass it with --from;": (
        "cli/test_init.py::test_where_figgen_was_installed_from"
    ),
    "cannot be copied: ": "drawing/test_fonts.py::test_without_room_for_a_copy_of_a_font_the_place_and_the_reason_are_told",
    "make room in the folder for temporary files, or set TMPDIR to another one": (
        "drawing/test_fonts.py::test_without_room_for_a_copy_of_a_font_the_place_and_the_reason_are_told"
    ),
    "picture too large: 1,200 x 800 pixels": "build/test_picture.py::test_a_picture_that_could_not_be_read_again_is_not_written",
    "on a side and": "build/test_picture.py::test_a_picture_that_could_not_be_read_again_is_not_written",
    "lower its size, dpi or pad": "build/test_picture.py::test_a_picture_that_could_not_be_read_again_is_not_written",
    "not removed: changed meanwhile": "build/test_orphans.py::test_what_changes_while_figgen_asks_is_kept",
    "run this again": "build/test_orphans.py::test_what_changes_while_figgen_asks_is_kept",
    "not like a picture that figgen writes": "build/test_orphans.py::test_a_picture_of_somebody_elses_is_kept_whatever_a_lockfile_says",
    "cannot choose the fonts": "drawing/test_mpl_compat.py::test_fonts_are_hidden",
    "cannot be read as a PNG: not a PNG": "config/test_variants.py::test_a_card_that_is_no_png_is_never_decoded",
    "write it again with 'figgen build --force'": (
        "config/test_variants.py::test_a_card_that_is_no_png_is_never_decoded"
    ),
    "git reads no repository of other users, such as {place}; {advice}": (
        "regression/test_git.py::test_a_repository_of_another_user"
    ),
    "if you trust them, run: git config --global --add safe.directory {place}": (
        "regression/test_git.py::test_a_repository_of_another_user"
    ),
    "only pixels differ, the description is unchanged": "regression/test_report.py::test_text",
    "unsupported directive '%TAG'": "config/test_yaml_document.py::test_directives",
    "key too long: 1,001 characters": "config/test_yaml_document.py::test_a_key_has_a_bounded_length",
    "a.csv: a text of 5,001 characters": "data/test_texts.py::test_a_text_has_a_bounded_length",
    "250 more mistakes, not shown": "config/test_validate.py::test_of_many_mistakes_the_first_are_explained_and_the_others_counted",
    "fix those above first": "config/test_validate.py::test_of_many_mistakes_the_first_are_explained_and_the_others_counted",
    "1,001 patterns of 1,001 characters": "posts/test_references.py::test_the_patterns_of_exclude_are_bounded",
    "up to 1,000 patterns of 50,000 characters in all": (
        "posts/test_references.py::test_the_patterns_of_exclude_are_bounded"
    ),
    "not checked: timed out after 0.2 s": (
        "posts/test_check.py::test_a_large_post_that_takes_too_long_is_given_up_and_the_others_are_checked"
    ),
    "a post may have up to some 10,000 pictures: split it, or exclude it in _config.yml if it is none": (
        "posts/test_check.py::test_a_large_post_that_takes_too_long_is_given_up_and_the_others_are_checked"
    ),
    ": diff not shown: ": "posts/test_fix.py::test_a_diff_that_takes_too_long_is_given_up",
    "and 39,800 more differences": "review/test_description_diff.py::test_many_parts_are_paired_in_linear_time",
    "- and 20 more": "regression/test_report.py::test_a_comment_is_short_enough",
    "more in the page that `figgen diff --html` writes": ("regression/test_report.py::test_a_comment_is_short_enough"),
}
# What is there for the case, and why nothing makes it so.
NEVER = {}


def said_in_tests() -> str:
    """Return all lines that the sessions, the faults and the bad specs make figgen print."""
    lines = [line for case in CASES for line in case.expected]
    lines += [
        line
        for session in SESSIONS
        for step in read_session(session.read_text(encoding="utf-8")).steps
        if not step.is_file
        for line in step.printed
    ]
    lines += [line for fault in FAULTS.values() for line in fault.said]
    return "\n".join(lines)


def test_every_message_is_provoked():
    said = said_in_tests()
    missing = [message for message in messages() if not message.pattern.search(said)]
    told = {words: [message for message in missing if message.is_of(words)] for words in (*ELSEWHERE, *NEVER)}
    assert [words for words, found in told.items() if not found] == [], "are provoked by an input, or no message"
    others = [message for message in missing if not any(message in found for found in told.values())]
    assert [f"{message.place}: {message.text}" for message in others] == [], "no test has an input for it"


@pytest.mark.parametrize("words", ELSEWHERE)
def test_what_is_provoked_elsewhere_is_asserted_there(words):
    file, _, name = ELSEWHERE[words].partition("::")
    text = (ROOT / "tests" / file).read_text(encoding="utf-8")
    (test,) = [one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef) and one.name == name]
    assert words in ast.get_source_segment(text, test)
