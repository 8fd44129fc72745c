module "gke_zero" {
  source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"

  configuration = {
    apps = {
      project_id                 = "acme-platform"
      name_prefix                = "gc0"
      base_domain                = "infra.example.com"
      region                     = "europe-west1"
      cluster_node_locations     = "europe-west1-b,europe-west1-c,europe-west1-d"
      cluster_min_master_version = "1.29"
      cluster_min_node_count     = 1
      cluster_max_node_count     = 10
      cluster_machine_type       = "e2-standard-8"
    }

    ops = {
      cluster_max_node_count = 1
      cluster_node_locations = "europe-west1-b"
    }
  }
}
