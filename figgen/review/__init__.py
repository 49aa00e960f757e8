"""A drawn figure -> what is wrong with how it looks, and a description of what it says."""

import figgen.drawing  # noqa: F401 - matplotlib is imported in isolation, before anything here
