variable "name" {
  type = string
}

variable "place" {
  type = object({ region = string, zones = map(list(string)) })
}

variable "pool" {
  type = object({ machine_type = string, min = number, max = map(number) })
}

variable "base_domain" {
  type    = string
  default = "infra.example.com"
}

module "gke" {
  source = "../../vendor/kubestack/google/cluster"

  configuration = {
    for environment, zones in var.place.zones : environment => {
      for setting, value in {
        project_id             = environment == "apps" ? "acme-${var.name}" : null
        name_prefix            = environment == "apps" ? var.name : null
        base_domain            = environment == "apps" ? var.base_domain : null
        region                 = environment == "apps" ? var.place.region : null
        cluster_node_locations = formatlist("${var.place.region}-%s", zones)

        default_node_pool = merge(
          { max_node_count = var.pool.max[environment] },
          environment == "apps" ? { machine_type = var.pool.machine_type, min_node_count = var.pool.min } : null,
        )
      } : setting => value if value != null
    }
  }
}

output "region" {
  value = var.place.region
}
