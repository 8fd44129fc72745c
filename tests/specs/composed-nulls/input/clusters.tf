locals {
  apps = var.environment_defaults["apps"]
  ops  = try(var.environment_defaults["ops"], null)
  dev  = try(var.environment_defaults.dev, null)

  legacy = {
    sizes = { apps = "9", ops = "one" }
  }
  # Numbers that may be words.
  sizes = { for name, size in local.legacy.sizes : name => try(tonumber(size), 1) }
}

module "gke_zero" {
  source = "./vendor/kubestack/google/cluster"

  configuration = {
    apps = {
      name_prefix                = "gc0"
      base_domain                = var.base_domain
      region                     = coalesce("", null, "europe-west1")
      cluster_min_master_version = local.apps.version
      cluster_node_locations     = formatlist("europe-west1-%s", coalescelist(local.apps.zones, ["b"]))
      enable_private_nodes       = coalesce(local.apps.private, true)

      master_authorized_networks_config_cidr_blocks = var.office_ranges

      default_node_pool = {
        machine_type   = lookup({ apps = "e2-standard-8" }, "apps", "e2-small")
        min_node_count = can(local.apps.nothing.at.all) ? 0 : 1
        max_node_count = coalesce(local.apps.max, 3)
        labels         = local.apps.labels
      }
    }

    ops = {
      cluster_min_master_version = try(local.ops.version, "1.30")
      cluster_node_locations     = try(formatlist("europe-west1-%s", local.ops.zones), null)
      enable_private_nodes       = local.ops.private
      region                     = ""

      default_node_pool = {
        machine_type   = null
        max_node_count = try(coalesce(local.ops.max, null), 1)
        labels         = local.ops.labels
      }
    }

    dev = local.dev == null ? {} : { default_node_pool = { max_node_count = local.dev.max } }
  }
}

module "eks_zero" {
  source = "./vendor/kubestack/aws/cluster"

  configuration = {
    apps = {
      name_prefix                = "aw0"
      base_domain                = nonsensitive(sensitive(var.base_domain))
      cluster_availability_zones = try(local.apps.aws_zones, ["eu-west-1a", "eu-west-1b"])
      default_node_pool = {
        instance_types       = compact(["m6i.large", "", null])
        min_size             = min(values(local.sizes)...)
        max_size             = local.sizes["apps"]
        additional_node_tags = { role = var.role_names.apps, team = "platform" }
        metadata_options     = { http_endpoint = "enabled", http_tokens = "required" }
      }
    }

    ops = {
      default_node_pool = {
        max_size             = local.sizes["ops"]
        additional_node_tags = { role = var.role_names.ops, team = try(var.role_names.team, "operations") }
        metadata_options     = null
      }
    }

    dev = {}
  }
}
