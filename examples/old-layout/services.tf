module "gke_zero_nginx" {
  source  = "kbst.xyz/catalog/nginx/kustomization"
  version = "1.1.3-kbst.1"

  providers = {
    kustomization = kustomization.gke_zero
  }

  configuration = {
    apps = {
      replicas = [{ name = "ingress-nginx-controller", count = 3 }]
    }

    ops = {
      replicas = [{ name = "ingress-nginx-controller", count = 1 }]
    }

    loc = {
      patches = [
        {
          target = { kind = "Service", name = "ingress-nginx-controller" }
          patch  = <<-EOF
            - op: replace
              path: /spec/type
              value: NodePort
          EOF
        }
      ]
    }
  }
}

module "gke_zero_prometheus" {
  source  = "kbst.xyz/catalog/prometheus/kustomization"
  version = "0.51.1-kbst.0"

  providers = {
    kustomization = kustomization.gke_zero
  }

  configuration = {
    apps = {
      additional_resources = ["${path.root}/manifests/alerts.yaml"]
    }
    ops = {}
    loc = {}
  }
}
