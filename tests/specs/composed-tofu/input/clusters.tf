# For the last team that still runs Terraform; OpenTofu reads clusters.tofu in its place.
module "gke_zero" {
  source = "./vendor/kubestack/google/cluster"

  configuration = {
    apps = local.apps
    ops  = {}
  }
}
