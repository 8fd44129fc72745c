"""Reports as no repository of ours gives rise to, but somebody's may."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kubestack_lint.finding import Finding, Label, Severity
from kubestack_lint.ledger import Ignore, Waiver
from kubestack_lint.report import Failure, Ignored, Ran, Report, Waived
from kubestack_lint.rule import all_rules
from kubestack_lint.source import Source, Span

# What steers terminals, logs and dashboards: escapes, C1, breaks of lines, bidirectional overrides; what XML cannot
# hold; what no UTF-8 can; what marks up.
STEERING = "\x00\x07\x1b[31m\x7f\x85\x9b1m\r\n::stop-commands::x\n\u2028\u202e\u2066\u061c"
NASTY = f"{STEERING}\ud800\udcff\ufffe\uffff]]><b>&amp;\"'%0A|`@all"
RULE = "redundant-override"


def finding(number: int, span: Span, text: str, severity: Severity = Severity.WARNING) -> Finding:
    """A finding whose every text holds `text`."""
    return Finding(
        rule=RULE, severity=severity, message=f"m{number}{text}", span=span, fingerprint=f"{number:032x}", label=f"l{text}",
        address=f'module.gke["{text}"]', environment=f"ops{text}", attribute=(f"a{text}", "b"),
        related=(Label(span.source.span(0, 1), f"r{text}"),), remediation=f"f{text}", policy=RULE,
    )


def report(findings: int = 4, text: str = NASTY, path: str = "a.tf") -> Report:
    """As many findings, of all severities in turn; one that is nowhere, one waived, one ignored, one known, a crash."""
    source = Source(path, "\n".join(f"line {number} {text}" for number in range(3)))
    place, nowhere = source.span(2, 9), Source("the environment", "", real=False).span(0, 0)
    found = [finding(n, place, text, Severity(list(Severity)[n % 3])) for n in range(findings)]
    aside = [finding(findings + n, place, text) for n in range(4)]
    waiver = Waiver(place, RULE, None, f"w{text}", date(2030, 1, 1), place, f"T{text}", f"who{text}")
    return Report(
        start=Path("/nowhere"),
        findings=(*found, *([finding(findings + 9, nowhere, text)] if findings else [])),
        inheritances=(),
        differences=(),
        failures=(Failure(RULE, f"RuntimeError: {text}"),),
        files=1,
        waived=(Waived(aside[0], waiver),),
        ignored=(Ignored(aside[1], Ignore(place, (RULE,), f"i{text}")),),
        known=(aside[2],),
        since="main",
        old=(aside[3],),
        list_old=True,
        ran=(Ran(RULE, all_rules()[RULE], Severity.WARNING),),
    )
