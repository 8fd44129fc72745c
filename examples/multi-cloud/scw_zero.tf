module "scw_zero" {
  source = "github.com/kbst/terraform-kubestack//scaleway/cluster?ref=master"

  configuration = {
    apps = {
      name_prefix = "sc0"
      base_domain = "infra.example.com"
      region      = "nl-ams"

      cluster_version = "1.31"
      cni             = "cilium"

      default_node_pool = {
        node_type = "PRO2-S"
        zones     = ["nl-ams-1", "nl-ams-2", "nl-ams-3"]
        min_size  = 1
        max_size  = 4
      }
    }

    ops = {
      default_node_pool = {
        zones    = ["nl-ams-1"]
        max_size = 1
      }
    }
  }
}

module "scw_zero_node_pool_build" {
  source = "github.com/kbst/terraform-kubestack//scaleway/cluster/node-pool?ref=master"

  cluster          = module.scw_zero.cluster
  cluster_metadata = module.scw_zero.current_metadata

  configuration = {
    apps = {
      name      = "build"
      node_type = "PRO2-M"
      zones     = ["nl-ams-1", "nl-ams-2"]
      min_size  = 0
      max_size  = 3
    }

    ops = {
      zones = ["nl-ams-1"]
    }
  }
}
