module "network" {
  source = "./modules/network"

  prefix = "10.64.0.0/12"
  names  = ["gke_zero", "gke_one"]
}

module "labels" {
  source = "./modules/labels"

  team = "Platform Engineering"
}

module "gke_zero" {
  source = "./vendor/kubestack/google/cluster"

  configuration = {
    apps = {
      project_id             = "acme-platform"
      name_prefix            = "gc0"
      base_domain            = "infra.example.com"
      region                 = "europe-west1"
      cluster_node_locations = ["europe-west1-b", "europe-west1-c", "europe-west1-d"]

      master_authorized_networks_config_cidr_blocks = [module.network.ranges["gke_zero"], module.network.office]

      default_node_pool = {
        machine_type   = "e2-standard-8"
        min_node_count = 1
        max_node_count = 10
        labels         = module.labels.labels
      }
    }

    ops = {
      cluster_node_locations = ["europe-west1-b"]
      default_node_pool      = { max_node_count = 1 }
    }
  }
}
