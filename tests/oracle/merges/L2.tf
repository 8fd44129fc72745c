# v0.9.3-beta.0 … v0.12.2-beta.0: any environments, whatever one writes wins.
variable "configuration" {
  type = map(map(string))
}

variable "base_key" {
  type = string
}

locals {
  from = var.configuration[var.base_key]
}

output "merged" {
  value = {
    for name, own in var.configuration : name => name == var.base_key ? local.from : merge(local.from, own)
  }
}
