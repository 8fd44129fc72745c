module "aks_zero" {
  source = "github.com/kbst/terraform-kubestack//azurerm/cluster?ref=master"

  configuration = {
    apps = {
      name_prefix    = "az0"
      base_domain    = "infra.example.com"
      resource_group = "acme-platform-apps"

      sku_tier           = "Standard"
      kubernetes_version = "1.31"
      availability_zones = ["1", "2", "3"]

      default_node_pool = {
        vm_size   = "Standard_D4s_v5"
        min_count = 3
        max_count = 9
      }
    }

    ops = {
      resource_group    = "acme-platform-ops"
      default_node_pool = { min_count = 1, max_count = 3 }
    }
  }
}

module "aks_zero_node_pool_spot" {
  source = "github.com/kbst/terraform-kubestack//azurerm/cluster/node-pool?ref=master"

  cluster = module.aks_zero.cluster

  configuration = {
    apps = {
      node_pool_name     = "spot"
      vm_size            = "Standard_D8s_v5"
      availability_zones = ["1", "2", "3"]
      use_spot           = true
      max_spot_price     = -1
      min_count          = 0
      max_count          = 6
      node_labels        = { capacity = "spot" }
    }

    ops = {
      max_count = 1
    }
  }
}
