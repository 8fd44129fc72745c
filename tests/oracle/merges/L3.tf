# v0.13.0-beta.0: only keys of the base; an environment's own keys get lost.
variable "configuration" {
  type = map(any)
}

variable "base_key" {
  type = string
}

locals {
  from    = var.configuration[var.base_key]
  heirs   = { for name, own in var.configuration : name => own if name != var.base_key }
  results = { for name, own in local.heirs : name => { for key, value in local.from : key => lookup(own, key, null) == null ? value : own[key] } }
}

output "merged" {
  value = merge({ (var.base_key) = local.from }, local.results)
}
