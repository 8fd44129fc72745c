variable "prefix" {
  type = string

  validation {
    condition     = can(cidrnetmask(var.prefix))
    error_message = "The prefix has to be an IPv4 range such as 10.64.0.0/12."
  }
}

variable "names" {
  type = list(string)
}

locals {
  networks = cidrsubnets(var.prefix, [for name in var.names : 4]...)
}

output "ranges" {
  description = "The range of each cluster."
  value       = zipmap(var.names, local.networks)
}

output "office" {
  value = "${cidrhost("192.0.2.0/24", 7)}/32"
}
