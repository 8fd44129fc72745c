locals {
  eks = yamldecode(file("${path.module}/clusters.yaml")).clusters

  # A file for each region, named after it.
  gke = {
    for name in fileset("${path.module}/gke", "*.yaml") :
    trimsuffix(name, ".yaml") => yamldecode(file("${path.module}/gke/${name}"))
  }
}

module "eks" {
  source   = "./vendor/kubestack/aws/cluster"
  for_each = local.eks

  configuration = each.value
}

module "gke" {
  source   = "./vendor/kubestack/google/cluster"
  for_each = local.gke

  configuration = {
    for environment, settings in each.value : environment => merge(
      settings,
      environment == "apps" ? { region = each.key } : {},
      try({ cluster_node_locations = [for zone in settings.cluster_node_locations : "${each.key}-${zone}"] }, {}),
    )
  }
}
