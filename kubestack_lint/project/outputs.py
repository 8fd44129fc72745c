"""Outputs of modules that are static, without evaluating the module."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kubestack_lint.catalog import ModuleDefinition
from kubestack_lint.project.blocks import Candidate, InheritanceBlock, assembled
from kubestack_lint.project.expansion import Each, Touch
from kubestack_lint.project.instance import ModuleInstance
from kubestack_lint.project.walk import Walk
from kubestack_lint.source import Span
from kubestack_lint.values.evaluate import EvaluationError
from kubestack_lint.values.value import Value, object_of, refused, unknown

# Computes the effective configuration of one environment of a block: inheritance
# stands above this floor, so it is handed in.
EffectiveValue = Callable[[InheritanceBlock, str], Value | None]

# What typed modules of every release put out; upstream's master adds more.
_RELEASED = {
    "aws/cluster": ("current_config", "current_metadata", "kubeconfig"),
    "azurerm/cluster": ("aks_vnet", "current_config", "current_metadata", "default_ingress_ip", "kubeconfig"),
    "google/cluster": ("current_config", "current_metadata", "default_ingress_ip", "kubeconfig"),
}
_MASTER = {
    **{path: (*names, "cluster") for path, names in _RELEASED.items()},
    "scaleway/cluster": ("cluster", "current_config", "current_metadata", "kubeconfig"),
    "google/cluster/node-pool": ("current_config", "id"),
    "aws/cluster/node-pool": ("current_config",),
    "azurerm/cluster/node-pool": ("current_config",),
}


@dataclass(frozen=True, slots=True)
class KubestackOutputs:
    """What the calls of one walk lead to. Implements `Calls`.

    `current_config` is the effective configuration of the workspace at hand,
    `merged` of common/configuration that of every environment.
    """

    walk: Walk
    effective: EffectiveValue | None

    def child(self, instance: ModuleInstance, call: str, each: Each) -> ModuleInstance | None:
        """The local module that a call leads to."""
        return self.walk.child(instance, call, each)

    def outputs(self, instance: ModuleInstance, call: str, each: Each) -> tuple[str, ...] | None:
        """Names of the outputs of a Kubestack module whose version kslint knows."""
        found = self.walk.probe(instance, call, each)
        return None if found is None or found.source.kind == "local" else _names(found.definition)

    def output(self, instance: ModuleInstance, call: str, each: Each, name: str, span: Span) -> Value | None:
        """`current_config` and `merged`, where they are known; None for any other.

        Raises EvaluationError for what no module of that release puts out.
        """
        found = self.walk.probe(instance, call, each) if each.known else None
        if found is None:
            return None
        names = _names(found.definition)
        released = found.definition.merge != "L6" and found.source.kind != "local" and not found.note
        if released and names is not None and name not in names:
            raise EvaluationError(f'{found.definition.path} has no output "{name}" at {found.definition.version}', span)
        if (
            name not in ("current_config", "merged")
            or self.effective is None
            or not found.definition.typed
            or not isinstance(found.configuration.data, dict)
        ):
            return None
        if name == "merged":
            return self._merged(found, span)
        world = self.walk.world
        if world.workspace is not None and world.workspace not in found.configuration.items:
            # That modules have different environments is reported as such, and once.
            world.touched |= Touch.CLUSTER
            return refused(f"{found.address} has no environment {world.workspace}", span=span)
        if found.source.kind == "local":
            # A copy says itself what it puts out; its own code is evaluated.
            return None
        world.touched |= Touch.CLUSTER
        if world.workspace is None:
            return unknown("it depends on the workspace", span=span)
        return self.effective(self._block(found), world.workspace)

    def _merged(self, found: Candidate, span: Span) -> Value | None:
        if found.definition.kind != "configuration" or self.effective is None:
            return None
        block = self._block(found)
        merged = {name: self.effective(block, name) for name in block.environments}
        known = {name: value for name, value in merged.items() if value is not None}
        return object_of(known, span) if known.keys() == merged.keys() else None

    def _block(self, found: Candidate) -> InheritanceBlock:
        return assembled(self.walk.root, found, dict.fromkeys(found.configuration.items, found))


def _names(definition: ModuleDefinition) -> tuple[str, ...] | None:
    if not definition.typed:
        return None
    return (_MASTER if definition.merge == "L6" else _RELEASED).get(definition.path)
