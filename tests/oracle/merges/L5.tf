# v0.14.0-beta.0 … v0.19.2-beta.0: as before, and the base goes through the same loop.
variable "configuration" {
  type = map(any)
}

variable "base_key" {
  type = string
}

locals {
  from = var.configuration[var.base_key]
}

output "merged" {
  value = {
    for name, own in var.configuration : name => {
      for key in distinct(concat(keys(local.from), keys(own))) :
      key => lookup(own, key, null) == null ? local.from[key] : own[key]
    }
  }
}
