module "gke_zero" {
  source = "github.com/kbst/terraform-kubestack//google/cluster?ref=master"

  configuration = {
    apps = {
      project_id  = "acme-platform"
      name_prefix = "gc0"
      base_domain = "infra.example.com"
      region      = "europe-west1"

      cluster_min_master_version = "1.31"
      cluster_release_channel    = "STABLE"
      cluster_node_locations     = ["europe-west1-b", "europe-west1-c", "europe-west1-d"]

      default_node_pool = {
        machine_type   = "e2-standard-8"
        min_node_count = 1
        max_node_count = 10
        labels         = { tier = "general" }
      }
    }

    ops = {
      cluster_node_locations = ["europe-west1-b"]
      default_node_pool      = { max_node_count = 1 }
    }
  }
}

module "gke_zero_node_pool_gpu" {
  source = "github.com/kbst/terraform-kubestack//google/cluster/node-pool?ref=master"

  cluster          = module.gke_zero.cluster
  cluster_metadata = module.gke_zero.current_metadata

  configuration = {
    apps = {
      project_id     = "acme-platform"
      name           = "gpu"
      location       = "europe-west1"
      node_locations = ["europe-west1-b"]

      machine_type   = "n1-standard-4"
      min_node_count = 0
      max_node_count = 3

      guest_accelerator = {
        type  = "nvidia-tesla-t4"
        count = 1
      }

      taints = [{ key = "nvidia.com/gpu", value = "present", effect = "NO_SCHEDULE" }]
    }

    ops = {
      max_node_count = 1
    }
  }
}
