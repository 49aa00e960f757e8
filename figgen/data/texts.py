"""Strings of the data -> texts as they are drawn. Those of a config may contain mathtext, those of a file do not."""

from collections.abc import Sequence

import numpy as np

from figgen.config.mathtext import as_drawn, find_mistake
from figgen.config.spec.arrays import Array
from figgen.config.validate import MAX_CHARACTERS
from figgen.errors import SourceError


def texts_of_config(array: Array) -> Array:
    """Return an array that a config has, with its strings as they are drawn. Raises SourceError for a wrong one."""
    return _to_texts(array, "", "values", mathtext=True)


def texts_of_file(array: Array, path: str, key: str) -> Array:
    """Return an array read from a data file; in strings, each `$` is a dollar sign. Raises SourceError."""
    return _to_texts(array, f"{path}: ", key, mathtext=False)


def _to_texts(array: Array, prefix: str, key: str, *, mathtext: bool) -> Array:
    if array.dtype.kind != "U":
        return array
    return np.asarray(_to_drawn(array.ravel().tolist(), prefix, key, mathtext=mathtext)).reshape(array.shape)


def _to_drawn(texts: Sequence[str], prefix: str, key: str, *, mathtext: bool) -> list[str]:
    for text in (distinct := dict.fromkeys(texts)):
        if len(text) > MAX_CHARACTERS:
            raise SourceError(f"{prefix}a text of {len(text):,} characters", key, (f"up to {MAX_CHARACTERS:,}",))
        if mistake := find_mistake(text, mathtext=mathtext):
            raise SourceError(prefix + mistake.message, key, mistake.allowed, mistake.hint)
    drawn = {text: as_drawn(text, mathtext=mathtext) for text in distinct}
    return [drawn[text] for text in texts]
