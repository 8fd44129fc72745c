"""What an attribute is for, whatever it is called: one meaning, several names by provider, module and version."""

from __future__ import annotations

from enum import StrEnum

from kubestack_lint.catalog.definitions import ModuleDefinition


class Role(StrEnum):
    """A meaning that several attributes share."""

    MIN = "min"
    MAX = "max"
    INITIAL = "initial"
    AUTOSCALING = "autoscaling"
    ZONES = "zones"
    REGION = "region"
    MACHINE = "machine"
    DISK_SIZE = "disk_size"
    VERSION = "version"


KINDS = ("cluster", "node-pool")

# Names newest first; the first that the module has at its version is the one.
_NAMES: dict[tuple[str, str], dict[Role, tuple[str, ...]]] = {
    ("google", "cluster"): {
        Role.MIN: ("default_node_pool.min_node_count", "cluster_min_node_count"),
        Role.MAX: ("default_node_pool.max_node_count", "cluster_max_node_count"),
        Role.INITIAL: ("default_node_pool.initial_node_count", "cluster_initial_node_count"),
        Role.ZONES: ("cluster_node_locations",),
        Role.REGION: ("region",),
        Role.MACHINE: ("default_node_pool.machine_type", "cluster_machine_type"),
        Role.DISK_SIZE: ("default_node_pool.disk_size_gb", "cluster_disk_size_gb"),
        Role.VERSION: ("cluster_min_master_version",),
    },
    ("google", "node-pool"): {
        Role.MIN: ("min_node_count",),
        Role.MAX: ("max_node_count",),
        Role.INITIAL: ("initial_node_count",),
        Role.ZONES: ("node_locations",),
        Role.REGION: ("location",),
        Role.MACHINE: ("machine_type",),
        Role.DISK_SIZE: ("disk_size_gb",),
    },
    ("aws", "cluster"): {
        Role.MIN: ("default_node_pool.min_size", "cluster_min_size"),
        Role.MAX: ("default_node_pool.max_size", "cluster_max_size"),
        Role.INITIAL: ("default_node_pool.desired_capacity", "cluster_desired_capacity"),
        Role.ZONES: ("cluster_availability_zones",),
        Role.MACHINE: ("default_node_pool.instance_types", "cluster_instance_types", "cluster_instance_type"),
        Role.DISK_SIZE: ("default_node_pool.root_device_volume_size", "worker_root_device_volume_size"),
        Role.VERSION: ("cluster_version",),
    },
    ("aws", "node-pool"): {
        Role.MIN: ("min_size",),
        Role.MAX: ("max_size",),
        Role.INITIAL: ("desired_capacity",),
        Role.ZONES: ("availability_zones",),
        Role.MACHINE: ("instance_types",),
        Role.DISK_SIZE: ("disk_size",),
    },
    ("azurerm", "cluster"): {
        Role.MIN: ("default_node_pool.min_count", "default_node_pool_min_count"),
        Role.MAX: ("default_node_pool.max_count", "default_node_pool_max_count"),
        Role.INITIAL: ("default_node_pool.node_count", "default_node_pool_node_count", "agent_pool_profile_count"),
        Role.AUTOSCALING: ("default_node_pool.enable_auto_scaling", "default_node_pool_enable_auto_scaling"),
        Role.ZONES: ("availability_zones",),
        Role.MACHINE: ("default_node_pool.vm_size", "default_node_pool_vm_size"),
        Role.DISK_SIZE: ("default_node_pool.os_disk_size_gb", "default_node_pool_os_disk_size_gb"),
        Role.VERSION: ("kubernetes_version",),
    },
    ("azurerm", "node-pool"): {
        Role.MIN: ("min_count",),
        Role.MAX: ("max_count",),
        Role.INITIAL: ("node_count",),
        Role.AUTOSCALING: ("enable_auto_scaling",),
        Role.ZONES: ("availability_zones",),
        Role.MACHINE: ("vm_size",),
        Role.DISK_SIZE: ("os_disk_size_gb",),
    },
    ("scaleway", "cluster"): {
        Role.MIN: ("default_node_pool.min_size",),
        Role.MAX: ("default_node_pool.max_size",),
        Role.INITIAL: ("default_node_pool.size",),
        Role.AUTOSCALING: ("default_node_pool.autoscaling",),
        Role.ZONES: ("default_node_pool.zones",),
        Role.REGION: ("region",),
        Role.MACHINE: ("default_node_pool.node_type",),
        Role.DISK_SIZE: ("default_node_pool.root_volume_size_in_gb",),
        Role.VERSION: ("cluster_version",),
    },
    ("scaleway", "node-pool"): {
        Role.MIN: ("min_size",),
        Role.MAX: ("max_size",),
        Role.INITIAL: ("size",),
        Role.AUTOSCALING: ("autoscaling",),
        Role.ZONES: ("zones",),
        Role.MACHINE: ("node_type",),
        Role.DISK_SIZE: ("root_volume_size_in_gb",),
    },
}


def attribute_for(definition: ModuleDefinition, role: Role) -> str | None:
    """What this module at its version calls it; None where it has no such thing."""
    names = _NAMES.get((definition.provider, definition.kind), {}).get(role, ())
    return next((name for name in names if name in definition.attributes), None)


def role_of(definition: ModuleDefinition, name: str) -> Role | None:
    """The role of an attribute, by its path; None for those without one."""
    roles = _NAMES.get((definition.provider, definition.kind), {})
    return next((role for role in roles if attribute_for(definition, role) == name), None)


def names_of(definition: ModuleDefinition, role: Role) -> tuple[str, ...]:
    """Every attribute with this role; up to v0.19.2 EKS knows a singular and a plural of machine types."""
    names = _NAMES.get((definition.provider, definition.kind), {}).get(role, ())
    return tuple(name for name in names if name in definition.attributes)
