module "käse" {
  source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.18.1-beta.0"
