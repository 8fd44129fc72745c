locals {
  limits = {
    apps = { replicas = 3, workers = 8, zones = ["b", "c", "d"] }
    ops  = { replicas = 1, workers = 2, zones = ["b"] }
  }
  allowed = ["10.0.0.0/8", "192.0.2.0/24"]
}

module "nginx" {
  source = "./vendor/kubestack/catalog/nginx"

  configuration = {
    for environment, limit in local.limits : environment => {
      variant       = environment == "apps" ? "default" : null
      common_labels = { "app.kubernetes.io/part-of" = "ingress", limits = format("%s-%03d", environment, limit.workers) }
      replicas      = [{ name = "ingress-nginx-controller", count = limit.replicas }]

      patches = [
        {
          target = { kind = "ConfigMap", name = "ingress-nginx-controller" }
          patch = templatefile("${path.module}/templates/config.yaml.tftpl", {
            workers = limit.workers
            allowed = environment == "apps" ? local.allowed : []
          })
        },
        {
          target = { kind = "Deployment", name = "ingress-nginx-controller" }
          patch  = <<-EOT
            - op: add
              path: /spec/template/spec/topologySpreadConstraints
              value:
            %{for zone in limit.zones~}
                - topologyKey: topology.kubernetes.io/zone # europe-west1-${zone}
                  whenUnsatisfiable: ${length(limit.zones) > 1 ? "DoNotSchedule" : "ScheduleAnyway"}
            %{endfor~}
          EOT
        },
      ]
    }
  }
}

module "nginx_internal" {
  source = "./vendor/kubestack/catalog/nginx"

  configuration = {
    apps = {
      additional_resources = [for name in ["issuer", "alerts"] : "${path.root}/manifests/${name}.yaml"]
      patches = [{
        patch = yamlencode({
          apiVersion = "v1"
          kind       = "Service"
          metadata   = { name = "ingress-nginx-internal", annotations = { "example.com/internal" = "true" } }
        })
      }]
    }

    ops = {
      patches = [{
        patch = jsonencode([{ op = "replace", path = "/spec/replicas", value = local.limits.ops.replicas }])
      }]
    }
  }
}
