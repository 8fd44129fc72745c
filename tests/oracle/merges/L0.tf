# v0.1.0-alpha.0 … v0.3.0-beta.0: two environments by name, whatever ops writes wins.
variable "configuration" {
  type = map(any)
}

variable "base_key" {
  type    = string
  default = "apps"
}

output "merged" {
  value = {
    apps = var.configuration.apps
    ops  = merge([for name in ["apps", "ops"] : var.configuration[name]]...)
  }
}
