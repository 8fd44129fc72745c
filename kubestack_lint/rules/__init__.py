"""One rule, one file, one page. This folder is the list."""
