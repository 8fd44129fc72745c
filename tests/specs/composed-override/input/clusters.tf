module "gke_zero" {
  source = "./vendor/kubestack/google/cluster"

  configuration = {
    apps = local.apps
    ops  = local.ops
  }
}

module "eks_zero" {
  source = "./vendor/kubestack/aws/cluster"

  configuration = {
    apps = {
      name_prefix                = "aw0"
      base_domain                = "infra.example.com"
      cluster_availability_zones = ["eu-west-1a", "eu-west-1b"]
      default_node_pool = {
        instance_types   = ["m6i.large"]
        desired_capacity = 3
        min_size         = 3
        max_size         = 9
      }
    }
    ops = {}
  }
}

module "eks_one" {
  source                 = "./vendor/kubestack/aws/cluster"
  configuration_base_key = "apps"

  configuration = {
    apps = { name_prefix = "aw1", cluster_version = "1.31" }
    ops  = { cluster_version = "1.32" }
  }
}
