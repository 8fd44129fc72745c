variable "size" {
  type = number
}

module "pool" {
  source = "github.com/kbst/terraform-kubestack//google/cluster/node-pool?ref=v0.18.1-beta.0"

  configuration = {
    apps = { max_node_count = var.size, min_node_count = 1 }
    ops  = { max_node_count = 1 }
    dev  = {}
  }
}
