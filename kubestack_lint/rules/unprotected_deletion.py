"""unprotected-deletion: a cluster that one wrong plan may delete, with what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from kubestack_lint.effective import read
from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import ParameterProblem, Problem, rule
from kubestack_lint.wording import shown

# Attribute → the value that takes the protection away, and what happens then.
_SETTINGS = {
    "deletion_protection": (False, "terraform destroy, or a change that replaces the cluster, deletes it", "true"),
    "delete_additional_resources": (True, "its volumes and load balancers are deleted with it", "false"),
}


def _mistakes(*, environments: Sequence[str] = ()) -> Iterator[ParameterProblem]:
    for index, glob in enumerate(environments):
        if glob.startswith("role:"):
            hint = 'write where: {environment: "' + glob + '"} and environments: ["*"]'
            said = "these are globs of names, and roles mean nothing here"
            yield ParameterProblem(("environments", index), said, hint)


@rule(on=Inheritance, severity=Severity.WARNING, check_parameters=_mistakes)
def unprotected_deletion(inheritance: Inheritance, *, environments: Sequence[str]) -> Iterator[Problem]:
    """A cluster that should be protected may be deleted together with what it holds."""
    definition = inheritance.block.definition
    if definition.kind != "cluster":
        return
    for name in inheritance.environments:
        if not any(fnmatchcase(name, glob) for glob in environments):
            continue
        for attribute, (open_, effect, closed) in _SETTINGS.items():
            reading = read(inheritance, name, attribute) if attribute in definition.attributes else None
            if reading is None or reading.setting is None or str(reading.value.data).lower() != str(open_).lower():
                continue
            inherited = "" if reading.source == name else f", inherited from {reading.source}"
            yield Problem(
                message=f"{name} has {attribute} = {shown(reading.value)}{inherited}: {effect}",
                span=reading.place,
                label="not protected",
                remediation=f"Set {attribute} = {closed} in {name}.",
                environment=name,
                attribute=reading.path,
                value=reading.identity,
            )
