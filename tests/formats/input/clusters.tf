module "gke_zero" {
  source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.18.1-beta.0"

  configuration = {
    apps = {
      project_id                 = "acme-platform"
      name_prefix                = "gc0"
      base_domain                = "infra.example.com"
      region                     = "europe-west1"
      cluster_node_locations     = "europe-west1-b,europe-west1-c"
      cluster_min_master_version = "1.29"
      cluster_min_node_count     = 1
      cluster_max_node_count     = 9
      admin_password             = "correct-horse-battery"
      door_pin                   = "4711-0815"
      motd                       = "<script>alert('ünïcode')</script>\n::error::%0A,:"
      api                        = "Zx8qP2mW7vK4tR9yB3nL6cD1fG5hJ0sA"
    }
    ops = {
      region                 = "europe-west1"
      cluster_max_node_count = 9
      # kslint: ignore[placeholder-value] left over from the migration
      name_prefix            = ""
      admin_password         = "staple-correct-horse"
      admin_passwort         = "correct-horse-battery"
    }
    dev = {
      region = var.region
    }
  }
}

module "pools" {
  for_each = toset(["a", "b"])
  source   = "./modules/pool"
  size     = each.key == "a" ? 3 : 12
}

module "eks_zero" {
  source = "github.com/kbst/terraform-kubestack//aws/cluster"

  configuration = {
    apps = {}
    ops  = {}
    dev  = {}
  }
}
