locals {
  nodes = terraform.workspace == "ops" ? 1 : 3
}

module "kind" {
  source = "github.com/kbst/terraform-kubestack//kind/cluster?ref=v0.19.2-beta.0"

  configuration = {
    apps = {
      name_prefix = "kind"
      base_domain = "infra.127.0.0.1.xip.io"
      extra_nodes = join(",", [for i in range(local.nodes) : "worker"])
    }
    ops = {}
  }
}

module "dynamic" {
  source = "kbst.xyz/catalog/nginx/kustomization"
  version = "1.1.3-kbst.1"

  configuration_base_key = terraform.workspace
  configuration = {
    (terraform.workspace) = {
      common_labels = { env = terraform.workspace }
    }
  }
}
