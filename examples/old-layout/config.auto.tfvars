clusters = {
  gke_zero = {
    apps = {
      project_id                 = "acme-platform"
      name_prefix                = "gc0"
      base_domain                = "infra.example.com"
      region                     = "europe-west1"
      cluster_min_master_version = "1.18"
      cluster_node_locations     = "europe-west1-b,europe-west1-c,europe-west1-d"
      cluster_machine_type       = "e2-standard-4"
      cluster_min_node_count     = 1
      cluster_max_node_count     = 3
    }

    ops = {
      cluster_node_locations = "europe-west1-b"
      cluster_max_node_count = 1
    }

    loc = {}
  }

  eks_zero = {
    apps = {
      name_prefix                = "aw0"
      base_domain                = "infra.example.com"
      cluster_availability_zones = "eu-west-1a,eu-west-1b,eu-west-1c"
      cluster_instance_type      = "m5.large"
      cluster_desired_capacity   = 3
      cluster_min_size           = 3
      cluster_max_size           = 9
    }

    ops = {
      cluster_availability_zones = "eu-west-1a,eu-west-1b"
      cluster_max_size           = 3
    }

    loc = {}
  }
}
