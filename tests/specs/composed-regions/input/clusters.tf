module "gke" {
  source   = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"
  for_each = var.regions

  configuration = {
    apps = {
      project_id                 = "acme-platform"
      name_prefix                = each.value.prefix
      base_domain                = "infra.example.com"
      region                     = each.key
      cluster_min_master_version = "1.31"
      cluster_node_locations     = join(",", formatlist("%s-%s", each.key, each.value.zones))
      cluster_machine_type       = "e2-standard-8"
      cluster_min_node_count     = 1
      cluster_max_node_count     = each.value.max
    }

    ops = {
      # One zone and one node are enough to try a change.
      cluster_node_locations = "${each.key}-${each.value.zones[0]}"
      cluster_max_node_count = 1
    }
  }
}

module "eks" {
  source   = "github.com/kbst/terraform-kubestack//aws/cluster?ref=v0.19.2-beta.0"
  for_each = var.aws_regions

  configuration = {
    apps = {
      name_prefix                = format("aw%d", index(sort(tolist(var.aws_regions)), each.key))
      base_domain                = "infra.example.com"
      cluster_availability_zones = join(",", [for zone in ["a", "b", "c"] : "${each.value}${zone}"])
      cluster_instance_type      = "m6i.large"
      cluster_desired_capacity   = 3
      cluster_min_size           = 3
      cluster_max_size           = 9
    }

    ops = {
      cluster_availability_zones = join(",", [for zone in ["a", "b"] : "${each.value}${zone}"])
      cluster_desired_capacity   = 2
      cluster_min_size           = 2
    }
  }
}

module "gke_pool_batch" {
  source   = "github.com/kbst/terraform-kubestack//google/cluster/node-pool?ref=v0.19.2-beta.0"
  for_each = { for region, settings in var.regions : region => settings if settings.max > 3 }

  cluster_metadata = module.gke[each.key].current_metadata

  configuration = {
    apps = {
      project_id     = "acme-platform"
      name           = "batch"
      location       = each.key
      node_locations = [for zone in each.value.zones : "${each.key}-${zone}"]
      machine_type   = "c3-standard-8"
      min_node_count = 0
      max_node_count = each.value.max * 2
    }

    ops = {
      node_locations = slice([for zone in each.value.zones : "${each.key}-${zone}"], 0, 1)
      max_node_count = 1
    }
  }
}
