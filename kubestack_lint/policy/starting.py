"""A first .kslint.yaml, fitted to a repository: what is commented out is what it could say next."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kubestack_lint.inheritance import Inheritance
from kubestack_lint.wording import listed

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
# Words that some reader of YAML takes for something else than text.
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})

PRE_COMMIT = """\
- repo: local
  hooks:
    - id: kslint
      name: kslint
      entry: kslint lint --staged
      language: system
      always_run: true
      pass_filenames: false
"""
CI = """\
- run: pip install kubestack_lint
- run: kslint policies --check
- run: kslint lint .
"""


def starting_text(inheritances: Sequence[Inheritance]) -> str:
    """The file: environments as they are found, and policies to begin with."""
    names = _environments(inheritances)
    base = _base(inheritances)
    # The base is what the others try changes for, so it comes last; loc is the developer's own machine.
    others = sorted((name for name in names if name != base), key=lambda name: name != "loc")
    order = [*others, *([base] if base in names else [])]
    providers = sorted({i.block.definition.provider for i in inheritances if i.block.definition.provider})
    example = next((name for name in others if name != "loc"), "ops")
    lines = [
        "# Settings of kslint for this repository. kslint config shows what applies, kslint rules what there is.",
        "",
        "# Packs to build on: kslint:recommended, kslint:strict, kslint:regulated, or files of your own.",
        "extends:",
        "  - kslint:recommended",
        f"  # Combinations that {_clouds(providers)} would refuse or break on:",
        "  # - kslint:tiers",
        "",
        "environments:",
        f"  base: {_word(base or 'apps')}",
        "  # The order in which changes are promoted, least critical first. Please check it.",
        f"  order: [{', '.join(_word(name) for name in order)}]",
        "",
        "# Rules with parameters, for some environments and modules; kslint explain RULE shows what a rule takes.",
        "# policies:",
        f"#   - id: {_slug(example)}-stays-small",
        "#     rule: too-many-nodes",
        f"#     where: {{environment: {_word(example)}}}",
        "#     with: {max: 1}",
        "#     severity: error",
        "",
        "# Findings that somebody answers for until a date, at most max_waiver_days ahead.",
        "# max_waiver_days: 90",
        "# waivers:",
        "#   - rule: redundant-override",
        f"#     where: {{environment: {_word(example)}}}",
        "#     reason: why it may stay for a while",
        "#     approved_by: who answers for it",
        "#     expires: 2030-12-31",
    ]
    return "\n".join(lines) + "\n"


def _environments(inheritances: Sequence[Inheritance]) -> list[str]:
    found: dict[str, None] = {}
    for inheritance in inheritances:
        found.update(dict.fromkeys(inheritance.block.environments))
    return list(found)


def _base(inheritances: Sequence[Inheritance]) -> str | None:
    bases = Counter(i.block.base for i in inheritances if i.block.base is not None)
    return max(sorted(bases), key=lambda name: bases[name]) if bases else None


def _word(text: str) -> str:
    import json

    return text if _BARE.fullmatch(text) and text.lower() not in _WORDS else json.dumps(text, ensure_ascii=False)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-0123456789") or "environment"


def _clouds(providers: Sequence[str]) -> str:
    named = {"google": "Google", "aws": "AWS", "azurerm": "Azure", "scaleway": "Scaleway"}
    known = [named[name] for name in providers if name in named]
    return listed(known) if known else "a cloud"
