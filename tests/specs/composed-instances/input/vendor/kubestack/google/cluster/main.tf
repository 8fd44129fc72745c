# A small copy: settings in, one merged environment out.
variable "configuration" {
  description = "Settings by environment; each is optional, the base has to hold what is needed."
  nullable    = false
  type = map(object({
    project_id             = optional(string), name_prefix = optional(string), base_domain = optional(string)
    region                 = optional(string), cluster_min_master_version = optional(string)
    cluster_node_locations = optional(list(string)), cluster_release_channel = optional(string)
    enable_private_nodes   = optional(bool), master_authorized_networks_config_cidr_blocks = optional(set(string))
    default_node_pool = optional(object({
      machine_type = optional(string), min_node_count = optional(number), max_node_count = optional(number)
      disk_size_gb = optional(number), preemptible = optional(bool)
      labels       = optional(map(string)), instance_tags = optional(list(string))
    }))
  }))
}

variable "configuration_base_key" {
  description = "The environment that all others inherit from."
  type        = string
  default     = "apps"
  nullable    = false
}

module "inheritance" {
  source        = "../../common/configuration"
  configuration = var.configuration
  base_key      = var.configuration_base_key
}

locals {
  cfg = module.inheritance.merged[terraform.workspace]
}

resource "google_container_cluster" "this" {
  location = local.cfg["region"]
}

output "current_config" {
  value = local.cfg
}

output "kubeconfig" {
  value     = google_container_cluster.this.id
  sensitive = true
}
