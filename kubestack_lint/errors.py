"""Errors that end a command: each carries its data and knows the way out."""

from __future__ import annotations

from kubestack_lint.source import Span


class KslintError(Exception):
    """Something kept us from doing our work; commands print it and exit with 2."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(KslintError):
    """The command was called in a way that cannot work."""


class InputError(KslintError):
    """A path that cannot be read at all."""


class NothingToLint(KslintError):
    """No Kubestack configuration below the given path."""


class SyntaxProblem(KslintError):
    """Text that is not valid HCL (or JSON), with the place where reading stopped."""

    def __init__(self, message: str, span: Span, hint: str = "") -> None:
        super().__init__(message, hint)
        self.span = span


class ConfigError(KslintError):
    """A mistake in a settings file; the message begins with its place."""

    def __init__(self, message: str, span: Span, hint: str = "") -> None:
        super().__init__(f"{span!r}: {message}", hint)
        self.reason = message
        self.span = span
