# Rolled out by hand: one environment is changed while a new machine type is tried.
# An override of a local replaces it as a whole; the others stay.
locals {
  ops = {
    cluster_node_locations = ["europe-west1-b"]
    default_node_pool = {
      machine_type   = "n4-standard-8"
      max_node_count = var.ops_max
    }
  }
}

variable "ops_max" {
  default = 2
}
