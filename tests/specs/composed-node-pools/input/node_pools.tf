locals {
  # What the cluster is merged to in this workspace.
  cluster = module.gke_zero.current_config
  pool    = local.cluster["default_node_pool"]
}

module "gke_zero_gpu" {
  source = "./vendor/kubestack/google/cluster/node-pool"

  configuration = {
    apps = {
      project_id     = module.gke_zero.current_config["project_id"]
      name           = "gpu"
      location       = module.gke_zero.current_config["region"]
      node_locations = slice(module.gke_zero.current_config["cluster_node_locations"], 0, 1)
      machine_type   = "g2-standard-8"
      min_node_count = 0
      max_node_count = 4
      labels         = merge(module.labels.labels, { accelerator = "l4" })
    }

    ops = {
      max_node_count = 1
      labels         = { team = "" }
    }
  }
}

module "gke_zero_extra" {
  source   = "./vendor/kubestack/google/cluster/node-pool"
  for_each = module.labels.pools

  configuration = {
    apps = {
      project_id     = local.cluster.project_id
      name           = each.key
      location       = local.cluster.region
      node_locations = local.cluster.cluster_node_locations
      machine_type   = coalesce(each.value, local.pool.machine_type)
      min_node_count = 0
      max_node_count = local.pool["max_node_count"] * 2
    }

    ops = {
      max_node_count = local.pool.max_node_count
    }
  }
}

# The kubeconfig exists only after apply; everything else is known before.
module "gke_zero_late" {
  source = "./vendor/kubestack/google/cluster/node-pool"

  configuration = {
    apps = {
      name     = "late"
      location = local.cluster.region
      labels   = { cluster = sha256(module.gke_zero.kubeconfig), team = module.labels.labels.team }
    }
    ops = {
      machine_type = local.pool.machine_type
    }
  }
}
