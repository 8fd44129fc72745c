locals {
  clusters = {
    eu = { region = "europe-west1", zones = ["europe-west1-b", "europe-west1-c"] }
    us = { region = "us-east1", zones = ["us-east1-b"] }
  }
}

module "gke" {
  source   = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"
  for_each = local.clusters

  configuration = {
    apps = {
      project_id                 = "acme-platform"
      name_prefix                = each.key
      base_domain                = "infra.example.com"
      region                     = each.value.region
      cluster_node_locations     = join(",", each.value.zones)
      cluster_min_master_version = "1.29"
      cluster_machine_type       = "e2-standard-8"
      cluster_min_node_count     = 1
      cluster_max_node_count     = 9
    }
    ops = {
      cluster_machine_type   = "e2-standard-2"
      cluster_node_locations = each.value.zones[0]
      cluster_max_node_count = 1
    }
  }
}

module "counted" {
  source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"
  count  = 2

  configuration = {
    apps = {
      project_id                 = "acme-${count.index}"
      name_prefix                = "c${count.index}"
      base_domain                = "infra.example.com"
      region                     = element(["europe-north1", "europe-southwest1"], count.index)
      cluster_min_master_version = "1.29"
    }
    ops = {
      project_id = "acme-ops"
    }
  }
}
