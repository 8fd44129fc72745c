module "gke_next" {
  source                 = "../../vendor/kubestack/google/cluster"
  configuration_base_key = "ops"

  configuration = {
    apps = {}
    ops = {
      name_prefix       = "next"
      base_domain       = "infra.example.com"
      region            = "europe-west4"
      default_node_pool = { machine_type = "e2-small", min_node_count = 1, max_node_count = 1 }
    }
  }
}
