"""Posts: the pictures that they refer to, whether these agree with the configs, and what can be fixed in them."""
