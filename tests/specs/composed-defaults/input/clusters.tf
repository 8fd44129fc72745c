module "gke_zero" {
  source = "./vendor/kubestack/google/cluster"

  configuration = {
    for environment, defaults in local.gke_defaults : environment => merge(
      defaults,
      lookup(local.gke_zero, environment, {}),
    )
  }
}

locals {
  gke_zero = {
    apps = {
      name_prefix            = "gc0"
      region                 = "europe-west1"
      cluster_node_locations = [for zone in ["b", "c", "d"] : "europe-west1-${zone}"]
    }
    ops = {
      cluster_node_locations = ["europe-west1-b"]
    }
  }
}

module "gke_one" {
  source = "./vendor/kubestack/google/cluster"

  configuration = merge(local.gke_defaults, {
    apps = merge(local.gke_defaults.apps, {
      name_prefix            = "gc1"
      region                 = "us-east1"
      cluster_node_locations = ["us-east1-b", "us-east1-c"]

      # merge() is shallow: repeat what shall stay.
      default_node_pool = merge(local.gke_defaults.apps.default_node_pool, { machine_type = "n2-standard-8" })
    })
  })
}

module "eks_zero" {
  source = "./vendor/kubestack/aws/cluster"

  configuration = {
    apps = merge(
      local.common,
      {
        name_prefix                = "aw0"
        cluster_version            = "1.31"
        cluster_availability_zones = formatlist("eu-west-1%s", ["a", "b", "c"])
        cluster_vpc_cidr           = cidrsubnet("10.0.0.0/8", 8, 16)
      },
      { default_node_pool = local.eks_pool_defaults },
    )

    ops = {
      cluster_version   = "1.32"
      default_node_pool = { for name in ["desired_capacity", "min_size"] : name => local.eks_pool_defaults[name] - 1 }
    }
  }
}
