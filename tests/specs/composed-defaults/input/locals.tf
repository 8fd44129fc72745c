locals {
  environments = toset(["apps", "ops"])

  # What every cluster shares, whatever its cloud.
  common = {
    base_domain = "infra.example.com"
  }

  gke_defaults = {
    apps = merge(local.common, {
      project_id                 = "acme-platform"
      cluster_min_master_version = "1.31"
      cluster_release_channel    = "STABLE"
      enable_private_nodes       = true

      default_node_pool = {
        machine_type   = "e2-standard-8"
        min_node_count = 1
        max_node_count = 9
        labels         = { tier = "general" }
      }
    })

    # Operators see upgrades first.
    ops = {
      cluster_min_master_version = "1.32"
      cluster_release_channel    = "REGULAR"
      default_node_pool          = { max_node_count = 1 }
    }
  }

  eks_pool_defaults = {
    instance_types          = ["m6i.xlarge"]
    desired_capacity        = 3
    min_size                = 3
    max_size                = 9
    root_device_volume_size = 50
  }
}
