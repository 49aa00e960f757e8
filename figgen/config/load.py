"""A config file and the defaults of its folders -> one document, which locates errors."""

import contextlib
from collections.abc import Iterator

from figgen.config.yaml_document import Document, load
from figgen.errors import ConfigError, Finding, SpecError, line_and_column
from figgen.site.files import Files
from figgen.site.paths import defaults_of


def load_document(files: Files, config: str) -> Document:
    """Return a config, with keys that it omits taken from the `_defaults.yaml` files of its folders, the nearest first.

    Raises ConfigError for files that are not valid YAML or cannot be read.
    """
    content = files.read(config)
    if content is None:
        raise ConfigError([Finding(config, 1, 1, "", "file not found")])
    document = load(decode(content, config), config)
    for defaults in defaults_of(config):
        if (content := files.read(defaults)) is not None:
            document = document.with_defaults(load(decode(content, defaults), defaults))
    return document


@contextlib.contextmanager
def locate_errors(document: Document) -> Iterator[None]:
    """Turn a SpecError within the context into a ConfigError, whose findings have positions in a document."""
    try:
        yield
    except SpecError as error:
        raise ConfigError(document.locate(problem) for problem in error.problems) from None


def decode(content: bytes, path: str) -> str:
    """Return the text of a file. Raises ConfigError at the first byte that is not UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(errors="replace")
        line, column = line_and_column(before, len(before))
        message = f"not UTF-8: byte 0x{content[error.start]:02x}"
        raise ConfigError([Finding(path, line, column, "", message, hint="save the file as UTF-8")]) from None
