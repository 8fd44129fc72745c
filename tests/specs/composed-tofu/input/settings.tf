variable "ops_max" {
  description = "Most nodes in ops."
  type        = number
  default     = 3
}

locals {
  region = "europe-west1"

  apps = {
    project_id             = "acme-platform"
    name_prefix            = "gc0"
    base_domain            = "infra.example.com"
    region                 = local.region
    cluster_node_locations = ["europe-west1-b", "europe-west1-c", "europe-west1-d"]
    default_node_pool = {
      machine_type   = "e2-standard-8"
      min_node_count = 1
      max_node_count = 10
    }
  }

  ops = {
    cluster_node_locations = ["europe-west1-b"]
    default_node_pool      = { max_node_count = var.ops_max }
  }
}
