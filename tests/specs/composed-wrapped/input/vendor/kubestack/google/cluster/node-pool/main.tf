# A small copy: settings in, one merged environment out.
variable "configuration" {
  description = "Settings by environment; each is optional, the base has to hold what is needed."
  nullable    = false
  type = map(object({
    project_id     = optional(string), name = optional(string), location = optional(string)
    node_locations = optional(list(string)), machine_type = optional(string)
    min_node_count = optional(number), max_node_count = optional(number), preemptible = optional(bool)
    labels         = optional(map(string))
    taints         = optional(set(object({ key = string, value = string, effect = string })))
  }))
}

variable "configuration_base_key" {
  description = "The environment that all others inherit from."
  type        = string
  default     = "apps"
  nullable    = false
}

module "inheritance" {
  source        = "../../../common/configuration"
  configuration = var.configuration
  base_key      = var.configuration_base_key
}

locals {
  cfg = module.inheritance.merged[terraform.workspace]
}

resource "google_container_node_pool" "this" {
  location = local.cfg["location"]
}

output "current_config" {
  value = local.cfg
}

output "kubeconfig" {
  value     = google_container_node_pool.this.id
  sensitive = true
}
