module "eks_zero" {
  source = "github.com/kbst/terraform-kubestack//aws/cluster?ref=master"

  providers = {
    aws = aws.eks_zero
  }

  configuration = {
    apps = {
      name_prefix = "aw0"
      base_domain = "infra.example.com"

      cluster_version            = "1.31"
      cluster_availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]

      default_node_pool = {
        instance_types   = ["m6i.large"]
        desired_capacity = 3
        min_size         = 3
        max_size         = 9

        metadata_options = {
          http_endpoint = "enabled"
          http_tokens   = "required"
        }
      }
    }

    ops = {
      # A whole object replaces the inherited one: http_tokens is lost here.
      default_node_pool = {
        desired_capacity = 2
        min_size         = 2
        max_size         = 3
        metadata_options = { http_endpoint = "disabled" }
      }
    }
  }
}

module "eks_zero_node_pool_batch" {
  source = "github.com/kbst/terraform-kubestack//aws/cluster/node-pool?ref=master"

  cluster          = module.eks_zero.cluster
  cluster_metadata = module.eks_zero.current_metadata

  configuration = {
    apps = {
      name               = "batch"
      availability_zones = ["eu-west-1a", "eu-west-1b"]

      instance_types   = ["c6i.xlarge"]
      desired_capacity = 1
      min_size         = 1
      max_size         = 20

      labels = { workload = "batch" }
      tags   = { team = "data", cost-centre = "4711" }
    }

    ops = {
      max_size = 2
      tags     = { team = "platform" }
    }
  }
}
