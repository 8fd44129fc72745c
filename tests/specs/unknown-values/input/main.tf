resource "azurerm_resource_group" "apps" {
  name     = "apps"
  location = "westeurope"
}

variable "owner" {
  type = string
}

module "aks" {
  source = "github.com/kbst/terraform-kubestack//azurerm/cluster?ref=master"

  configuration = {
    apps = {
      name_prefix        = "az0"
      base_domain        = "infra.acme.test"
      resource_group     = azurerm_resource_group.apps.name
      availability_zones = ["1", "2"]
      default_node_pool = {
        vm_size   = "Standard_D4s_v5"
        min_count = 1
        max_count = 3
        name      = var.owner
      }
    }
    ops = {
      resource_group    = "ops"
      default_node_pool = { max_count = 1 }
    }
    dev = {
      default_node_pool = { name = "dev" }
    }
  }
}
