"""Rules of one's own: one rule a file, its page beside it."""
