"""Image regression: pictures beside their baselines, and beside those of another revision."""
