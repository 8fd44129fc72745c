# v0.13.0-beta.1: keys of both sides, null inherits; the base is handed on as it is.
variable "configuration" {
  type = map(any)
}

variable "base_key" {
  type = string
}

locals {
  from  = var.configuration[var.base_key]
  heirs = { for name, own in var.configuration : name => own if name != var.base_key }
  results = {
    for name, own in local.heirs : name => {
      for key in distinct(concat(keys(local.from), keys(own))) :
      key => lookup(own, key, null) == null ? local.from[key] : own[key]
    }
  }
}

output "merged" {
  value = merge({ (var.base_key) = local.from }, local.results)
}
