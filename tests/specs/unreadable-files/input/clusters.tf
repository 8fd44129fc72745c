module "kind_zero" {
  source = "github.com/kbst/terraform-kubestack//kind/cluster?ref=v0.19.2-beta.0"
  configuration = {
    apps = { name_prefix = "kind", base_domain = "infra.127.0.0.1.xip.io" }
    ops  = {}
  }
}
