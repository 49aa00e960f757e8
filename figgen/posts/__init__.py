"""Check that posts, configs and pictures agree, fix posts, and print the lines that show a figure in a post.

`references` finds the pictures that a post refers to, as Jekyll, Liquid and kramdown would; `jekyll`, `liquid` and
`kramdown_images` parse what each of these does. `site_state` has the pictures that exist, and the configs that make
them. `check` compares the two, `fix` edits posts, and `snippets` makes the lines to paste.
"""

from figgen.posts.check import Report, check_posts
from figgen.posts.fix import FileEdit, fix_posts, format_edits
from figgen.posts.snippets import snippet

__all__ = ["FileEdit", "Report", "check_posts", "fix_posts", "format_edits", "snippet"]
