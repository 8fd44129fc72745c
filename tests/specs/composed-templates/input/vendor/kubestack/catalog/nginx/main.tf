# A small copy: settings in, one merged environment out.
variable "configuration" {
  description = "Settings by environment; each is optional, the base has to hold what is needed."
  nullable    = false
  type = map(object({
    variant       = optional(string), namespace = optional(string), additional_resources = optional(list(string))
    common_labels = optional(map(string)), images = optional(list(object({ name = string, new_tag = optional(string) })))
    replicas      = optional(list(object({ name = optional(string), count = optional(number) })))
    patches = optional(list(object({
      path   = optional(string), patch = optional(string)
      target = optional(object({ kind = optional(string), name = optional(string), namespace = optional(string) }))
    })))
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

resource "kustomization_resource" "this" {
  manifest = jsonencode(local.cfg)
}

output "current_config" {
  value = local.cfg
}

output "kubeconfig" {
  value     = kustomization_resource.this.id
  sensitive = true
}
