# An override of a call replaces whole arguments: configuration is written anew.
module "eks_zero" {
  configuration = {
    apps = {
      name_prefix                = "aw0"
      base_domain                = "infra.example.com"
      cluster_availability_zones = ["eu-west-1a", "eu-west-1b"]
      default_node_pool = {
        instance_types   = ["m7i.large"]
        desired_capacity = 3
        min_size         = 3
        max_size         = 9
      }
    }
    ops = {
      default_node_pool = { instance_types = ["m7g.large"] }
    }
  }
}
