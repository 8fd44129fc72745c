# A small copy: settings in, one merged environment out.
variable "configuration" {
  description = "Settings by environment; each is optional, the base has to hold what is needed."
  nullable    = false
  type = map(object({
    name_prefix      = optional(string), base_domain = optional(string)
    cluster_version  = optional(string), cluster_availability_zones = optional(list(string))
    cluster_vpc_cidr = optional(string), cluster_endpoint_public_access = optional(bool)
    default_node_pool = optional(object({
      instance_types   = optional(list(string)), desired_capacity = optional(number)
      min_size         = optional(number), max_size = optional(number), root_device_volume_size = optional(number)
      labels           = optional(map(string)), additional_node_tags = optional(map(string))
      metadata_options = optional(object({ http_endpoint = optional(string), http_tokens = optional(string) }))
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

resource "aws_eks_cluster" "this" {
  version = local.cfg["cluster_version"]
}

output "current_config" {
  value = local.cfg
}

output "kubeconfig" {
  value     = aws_eks_cluster.this.id
  sensitive = true
}
