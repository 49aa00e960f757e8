"""Check the limit on the size of one array."""

import math

from figgen.errors import SourceError
from figgen.site.limits import limit, limit_advice


def check_size(*shape: int, key: str = "") -> int:
    """Return the number of elements of an array of this shape; call it before the array is allocated.

    Raises SourceError, about the `key` of a source, if there are more than the limit.
    """
    if (size := math.prod(shape)) > limit("elements"):
        message = f"array too large: {size:,} elements"
        raise SourceError(message, key, *limit_advice("elements", size))
    return size
