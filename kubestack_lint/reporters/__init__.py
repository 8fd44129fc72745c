"""One format, one file; each owns its output types and their version. Reporters return text, they never print."""
