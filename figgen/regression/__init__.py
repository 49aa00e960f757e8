"""Pictures compared with their baselines, and with those of another revision."""
