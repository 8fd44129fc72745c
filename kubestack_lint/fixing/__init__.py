"""`kslint fix`: edits that rules propose, tried in memory, proved by reading everything again, then written."""
