"""Posts: what they refer to, whether that is so, and what can be written into them."""
