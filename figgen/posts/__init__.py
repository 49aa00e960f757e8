"""Posts: which pictures they refer to, whether posts, configs and pictures agree, and what can be fixed in them.

`references` finds the pictures as Jekyll, Liquid and kramdown would (modules of these names parse what each of them
does), `site_state` knows the pictures that exist, `check` compares the two, `fix` edits posts.
"""

from figgen.posts.check import Report, check_posts
from figgen.posts.fix import FileEdit, fix_posts
from figgen.posts.snippets import snippet

__all__ = ["FileEdit", "Report", "check_posts", "fix_posts", "snippet"]
