# Which clusters there are depends on the environment: production has a second
# region, and a wrapped module makes one cluster per tenant.
locals {
  regions = {
    default = {
      eu = { region = "europe-west1", zones = ["b", "c", "d"], size = 9 }
    }
    apps = {
      us = { region = "us-east1", zones = ["b", "c"], size = 6 }
    }
    ops = {
      eu = { region = "europe-west1", zones = ["b"], size = 1 }
    }
  }

  here = merge(local.regions.default, lookup(local.regions, terraform.workspace, {}))
}

module "gke" {
  source   = "./vendor/kubestack/google/cluster"
  for_each = local.here

  configuration = {
    apps = {
      project_id             = "acme-platform"
      name_prefix            = "gke-${each.key}"
      base_domain            = "infra.example.com"
      region                 = each.value.region
      cluster_node_locations = [for zone in each.value.zones : "${each.value.region}-${zone}"]
      default_node_pool = {
        machine_type   = "e2-standard-8"
        min_node_count = 1
        max_node_count = each.value.size
      }
    }
    ops = {
      default_node_pool = { machine_type = "e2-standard-2" }
    }
  }
}

module "preview" {
  source = "./modules/preview"
  count  = terraform.workspace == "ops" ? 1 : 0
}

module "tenants" {
  source = "./modules/tenants"

  tenants = terraform.workspace == "apps" ? ["blue", "green"] : ["blue"]
  domains = { for name, cluster in module.gke : name => "${name}.${cluster.current_config.base_domain}" }
}
