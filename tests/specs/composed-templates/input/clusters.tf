locals {
  regions = ["europe-west1", "europe-west4"]
  letters = ["b", "c"]

  # Every zone of every region: europe-west1-b, europe-west1-c, europe-west4-b, …
  zones = [for pair in setproduct(local.regions, local.letters) : join("-", pair)]

  by_region = { for zone in local.zones : substr(zone, 0, length(zone) - 2) => zone... }
  pools     = flatten([for region, zones in local.by_region : [for index, zone in zones : { region = region, zone = zone, index = index }]])
}

module "gke" {
  source   = "./vendor/kubestack/google/cluster"
  for_each = local.by_region

  configuration = {
    apps = {
      name_prefix            = "gc${index(local.regions, each.key)}"
      region                 = each.key
      cluster_node_locations = each.value
      default_node_pool = {
        machine_type   = "e2-standard-8"
        min_node_count = 1
        max_node_count = length(local.pools) * 2
        instance_tags  = [for pool in local.pools : "z${pool.index}-${pool.zone}" if pool.region == each.key]
        labels = { motd = chomp(<<EOF
Welcome to ${title(replace(each.key, "-", " "))}!
EOF
        ) }
      }
    }

    ops = {
      cluster_node_locations = [one([for zone in each.value : zone if endswith(zone, "b")])]
      default_node_pool      = { max_node_count = 1 }
    }
  }
}
