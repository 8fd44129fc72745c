provider "aws" {
  alias  = "eks_zero"
  region = "eu-west-1"
}

provider "azurerm" {
  features {}
}
