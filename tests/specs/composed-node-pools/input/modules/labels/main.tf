variable "team" {
  type = string
}

variable "pools" {
  description = "Machine types by pool; null takes that of the cluster."
  type        = map(string)
  default = {
    build = "c3-standard-8"
    spare = null
  }
}

output "labels" {
  value = {
    team       = lower(replace(var.team, "/[^A-Za-z0-9]+/", "-"))
    managed-by = "terraform"
  }
}

output "pools" {
  value = var.pools
}
