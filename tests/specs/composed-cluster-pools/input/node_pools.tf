# A pool for each cluster, where its cluster is.
module "pool" {
  source   = "github.com/kbst/terraform-kubestack//google/cluster/node-pool?ref=v0.19.2-beta.0"
  for_each = module.gke

  configuration = {
    apps = {
      project_id     = each.value.current_config["project_id"]
      name           = "${each.key}-pool"
      location       = each.value.current_config.region
      node_locations = split(",", each.value.current_config.cluster_node_locations)
      machine_type   = "n2-highmem-8"
      min_node_count = 0
      max_node_count = 4
    }
    ops = {
      max_node_count = 1
    }
  }
}

# By key, and as many as there are clusters.
module "gpu" {
  source   = "github.com/kbst/terraform-kubestack//google/cluster/node-pool?ref=v0.19.2-beta.0"
  for_each = toset(["eu"])

  configuration = {
    apps = {
      name         = "gpu"
      location     = module.gke[each.key].current_config["region"]
      machine_type = startswith(module.gke[each.key].current_config["cluster_machine_type"], "e2-") ? "g2-standard-4" : null
    }
    ops = {}
  }
}

module "counted_pool" {
  source = "github.com/kbst/terraform-kubestack//google/cluster/node-pool?ref=v0.19.2-beta.0"
  count  = length(module.counted)

  configuration = {
    apps = {
      project_id = module.counted[count.index].current_config.project_id
      name       = "pool-${count.index}"
      location   = module.counted[count.index].current_config.region
      labels     = { neighbours = join("-", [for key, cluster in module.gke : "${key}:${cluster.current_config.region}"]) }
    }
    ops = {}
  }
}
