variable "tenants" {
  type = set(string)
}

variable "domains" {
  type = map(string)
}

module "gke" {
  source   = "../../vendor/kubestack/google/cluster"
  for_each = var.tenants

  configuration = {
    apps = {
      name_prefix       = each.value
      base_domain       = "${each.key}.${var.domains["eu"]}"
      region            = "europe-west1"
      default_node_pool = { machine_type = "e2-standard-4", min_node_count = 1, max_node_count = length(var.domains) * 3 }
    }
    ops = {}
  }
}
