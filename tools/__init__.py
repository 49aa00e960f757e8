"""Programs for those who work on figgen itself: each is run by a target of the Makefile."""
