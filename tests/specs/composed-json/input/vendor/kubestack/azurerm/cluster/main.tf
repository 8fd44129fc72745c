# A small copy: settings in, one merged environment out.
variable "configuration" {
  description = "Settings by environment; each is optional, the base has to hold what is needed."
  nullable    = false
  type = map(object({
    name_prefix        = optional(string), base_domain = optional(string)
    resource_group     = optional(string), sku_tier = optional(string), kubernetes_version = optional(string)
    availability_zones = optional(list(string)), vnet_address_space = optional(list(string))
    default_node_pool = optional(object({
      vm_size         = optional(string), min_count = optional(number), max_count = optional(number)
      os_disk_size_gb = optional(number), enable_auto_scaling = optional(bool)
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

resource "azurerm_kubernetes_cluster" "this" {
  sku_tier = local.cfg["sku_tier"]
}

output "current_config" {
  value = local.cfg
}

output "kubeconfig" {
  value     = azurerm_kubernetes_cluster.this.id
  sensitive = true
}
