# v0.4.0-beta.0 … v0.9.2-beta.1: as before, every value a string.
variable "configuration" {
  type = map(map(string))
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
