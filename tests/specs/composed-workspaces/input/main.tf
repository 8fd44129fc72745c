variable "shadow" {
  description = "The environment in which operators try changes first."
  type        = string
  default     = "ops"
}

locals {
  operations = terraform.workspace == var.shadow

  machines = {
    apps = "e2-standard-8"
    ops  = "e2-standard-4"
  }

  sizes = {
    default = { min = 1, max = 9 }
    ops     = { min = 1, max = 1 }
  }
  size = merge(local.sizes.default, lookup(local.sizes, terraform.workspace, {}))
}

# The environments say nothing; expressions ask which workspace there is.
module "gke_zero" {
  source = "./vendor/kubestack/google/cluster"

  configuration = {
    apps = {
      project_id  = "acme-platform"
      name_prefix = "gc0"
      base_domain = "${local.operations ? "ops" : "apps"}.infra.example.com"
      region      = "europe-west1"
      cluster_node_locations = [
        for zone in slice(["b", "c", "d"], 0, terraform.workspace == "ops" ? 1 : 3) : "europe-west1-${zone}"
      ]
      default_node_pool = {
        machine_type   = local.machines[terraform.workspace]
        min_node_count = local.size.min
        max_node_count = local.size.max
        labels         = { environment = terraform.workspace }
      }
    }
    ops = {}
  }
}

# Keys that are computed, but the same in every workspace.
module "gke_one" {
  source                 = "./vendor/kubestack/google/cluster"
  configuration_base_key = one(setsubtract(keys(local.machines), [var.shadow]))

  configuration = {
    "apps" = {
      name_prefix       = "gc1"
      region            = "europe-west4"
      default_node_pool = { machine_type = local.machines.apps, min_node_count = 1, max_node_count = 3 }
    }
    (var.shadow) = {
      default_node_pool = { machine_type = local.machines[var.shadow] }
    }
  }
}

# One environment, named after the workspace: nothing is inherited.
module "aks_zero" {
  source                 = "./vendor/kubestack/azurerm/cluster"
  configuration_base_key = terraform.workspace

  configuration = {
    "${terraform.workspace}" = {
      name_prefix    = "az0"
      base_domain    = "infra.example.com"
      resource_group = "acme-${terraform.workspace}"
      sku_tier       = terraform.workspace == "apps" ? "Standard" : "Free"
      default_node_pool = {
        vm_size   = "Standard_D4s_v5"
        min_count = local.operations ? 1 : 3
        max_count = local.operations ? 1 : 9
      }
    }
  }
}
