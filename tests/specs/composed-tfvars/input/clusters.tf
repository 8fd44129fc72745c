locals {
  # From our own words to those of Kubestack; null stands for what is inherited.
  configurations = {
    for name, environments in var.clusters : name => {
      for environment, settings in environments : environment => {
        for key, value in {
          project_id                 = settings.project
          name_prefix                = settings.prefix
          base_domain                = environment == "apps" ? var.base_domain : null
          region                     = settings.region
          cluster_min_master_version = environment == "apps" ? var.kubernetes_version : null
          cluster_node_locations = length(settings.zones) == 0 ? null : join(",", [
            for zone in settings.zones : "${coalesce(settings.region, environments.apps.region)}-${zone}"
          ])
          cluster_min_node_count = settings.nodes.min
          cluster_max_node_count = settings.nodes.max
          cluster_machine_type   = settings.nodes.machine
          enable_private_nodes   = lookup(settings.features, "private", null)
        } : key => value if value != null
      }
    }
  }
}

module "gke_zero" {
  source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"

  configuration = local.configurations["gke_zero"]
}

module "gke_one" {
  source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"

  configuration = local.configurations["gke_one"]
}
