locals {
  default = var.pools["default"]
  extra   = { for name, pool in var.pools : name => pool if name != "default" }
}

module "cluster" {
  source = "../cluster"

  name  = var.name
  place = { region = var.region, zones = var.zones }
  pool  = local.default
}

module "pool" {
  source   = "../../vendor/kubestack/google/cluster/node-pool"
  for_each = local.extra

  configuration = {
    apps = {
      name           = each.key
      location       = module.cluster.region
      machine_type   = each.value.machine_type
      min_node_count = 0
      max_node_count = each.value.max.apps
      preemptible    = each.value.spot
      taints         = each.value.spot ? [{ key = "spot", value = "true", effect = "NO_SCHEDULE" }] : []
    }
    ops = {
      max_node_count = each.value.max.ops
    }
  }
}
