variable "highly_available" {
  type    = bool
  default = true
}

variable "gpu" {
  type        = object({ type = string, max = number })
  description = "GPU nodes; null for none."
  default     = { type = "g2-standard-8", max = 4 }
}

variable "windows" {
  type    = bool
  default = false
}

variable "prefixes" {
  type    = list(string)
  default = ["gc0", "gc1"]
}

locals {
  zones = slice(["b", "c", "d"], 0, var.highly_available ? 3 : 1)
}

module "gke" {
  source = "./vendor/kubestack/google/cluster"
  count  = length(var.prefixes)

  configuration = {
    apps = {
      project_id             = "acme-platform"
      name_prefix            = var.prefixes[count.index]
      base_domain            = "infra.example.com"
      region                 = "europe-west1"
      cluster_node_locations = formatlist("europe-west1-%s", local.zones)
      default_node_pool = {
        machine_type   = count.index == 0 ? "e2-standard-8" : "e2-standard-4"
        min_node_count = var.highly_available ? 1 : 0
        max_node_count = 10 - count.index * 4
      }
    }
    ops = {
      default_node_pool = { max_node_count = max(1, 2 - count.index) }
    }
  }
}

module "gpu" {
  source = "./vendor/kubestack/google/cluster/node-pool"
  count  = var.gpu == null ? 0 : 1

  configuration = {
    apps = {
      name           = "gpu-${count.index}"
      location       = "europe-west1"
      machine_type   = var.gpu.type
      min_node_count = 0
      max_node_count = var.gpu.max
      labels         = { accelerator = split("-", var.gpu.type)[0] }
    }
    ops = {
      max_node_count = var.gpu.max > 2 ? 2 : var.gpu.max
      labels         = { environment = "ops" }
    }
  }
}

module "windows" {
  source = "./vendor/kubestack/google/cluster/node-pool"
  count  = var.windows ? 1 : 0

  configuration = {
    apps = { name = "windows", location = "europe-west1" }
    ops  = {}
  }
}

# Zones that differ by parity, to spread the cost.
module "batch" {
  source = "./vendor/kubestack/google/cluster/node-pool"
  count  = 3

  configuration = {
    apps = {
      name           = format("batch-%02d", count.index + 1)
      location       = "europe-west1"
      node_locations = ["europe-west1-${element(local.zones, count.index)}"]
      preemptible    = count.index % 2 == 1
    }
    ops = count.index == 0 ? { preemptible = true } : {}
  }
}
