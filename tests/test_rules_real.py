"""No rule speaks about what real repositories write rightly.

Each case is a pattern found in public repositories (written by hand here, in
the shape that is common), with a sentence that says why it is fine.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kubestack_lint.finding import Severity
from kubestack_lint.run import lint, load

GKE = 'source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"'
REQUIRED = """
      project_id                 = "acme-platform"
      name_prefix                = "gc0"
      base_domain                = "infra.acme.dev"
      region                     = "europe-west1"
      cluster_min_master_version = "1.29"
"""
CLUSTER = f"""
module "gke_zero" {{
  {GKE}
  configuration = {{
    apps = {{{REQUIRED}}}
    ops  = {{}}
  }}
}}
"""

CASES: dict[str, dict[str, str]] = {
    "the oldest layout keeps the map in tfvars and indexes it": {
        "clusters.tf": """
variable "clusters" {
  type = map(map(map(string)))
}
module "eks_zero" {
  source        = "github.com/kbst/terraform-kubestack//aws/cluster?ref=v0.9.4-beta.0"
  configuration = var.clusters["eks_zero"]
}
""",
        "config.auto.tfvars": """
clusters = {
  eks_zero = {
    apps = {
      name_prefix                = "eks"
      base_domain                = "infra.acme.dev"
      cluster_instance_type      = "t3.large"
      cluster_desired_capacity   = "3"
      cluster_min_size           = "3"
      cluster_max_size           = "9"
      cluster_availability_zones = "eu-west-1a,eu-west-1b,eu-west-1c"
    }
    ops = {
      cluster_max_size = "4"
    }
  }
}
""",
    },
    "the oldest of all write the index as a template": {
        "clusters.tf": """
variable "clusters" {
  type = map(map(map(string)))
}
module "gke_zero" {
  source        = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.8.1-beta.0"
  configuration = "${var.clusters["gke_zero"]}"
}
""",
        "config.auto.tfvars": f"clusters = {{ gke_zero = {{ apps = {{{REQUIRED}}}, ops = {{}} }} }}\n",
    },
    "three environments with a local cluster that reads node_image": {
        "eks_zero_cluster.tf": """
module "eks_zero" {
  providers = { aws = aws.eks_zero }
  source    = "github.com/kbst/terraform-kubestack//aws/cluster?ref=v0.15.1-beta.1"

  configuration = {
    apps = {
      name_prefix                = "eks"
      base_domain                = "infra.acme.dev"
      cluster_instance_type      = "t3.large"
      cluster_desired_capacity   = 3
      cluster_min_size           = 3
      cluster_max_size           = 9
      cluster_availability_zones = "eu-west-1a,eu-west-1b,eu-west-1c"
    }
    ops = {
      cluster_max_size           = 4
      cluster_availability_zones = "eu-west-1a,eu-west-1b"
    }
    loc = {
      node_image = "kindest/node:v1.21.1"
    }
  }
}
""",
    },
    "zones are one string up to v0.19.2, and ops has fewer of them": {
        "aks_zero_cluster.tf": """
module "aks_zero" {
  source = "github.com/kbst/terraform-kubestack//azurerm/cluster?ref=v0.19.2-beta.0"

  configuration = {
    apps = {
      resource_group              = "acme-apps"
      name_prefix                 = "aks"
      base_domain                 = "infra.acme.dev"
      default_node_pool_vm_size   = "Standard_D4_v5"
      default_node_pool_min_count = 1
      default_node_pool_max_count = 9
      availability_zones          = "1,2,3"
    }
    ops = {
      resource_group              = "acme-ops"
      default_node_pool_max_count = 2
      availability_zones          = "1"
    }
  }
}
""",
    },
    "a node pool takes lists, and numbers as they are": {
        "gke_zero.tf": CLUSTER
        + """
module "gke_zero_pool" {
  source           = "github.com/kbst/terraform-kubestack//google/cluster/node-pool?ref=v0.19.2-beta.0"
  cluster_metadata = module.gke_zero.current_metadata

  configuration = {
    apps = {
      project_id     = module.gke_zero.current_config["project_id"]
      name           = "extra"
      location       = "europe-west1"
      node_locations = ["europe-west1-b", "europe-west1-c"]
      machine_type   = "e2-standard-8"
      min_node_count = 1
      max_node_count = 3
      labels         = { team = "platform" }
    }
    ops = { max_node_count = 1 }
  }
}
""",
    },
    "catalog modules have paths, heredocs, templates, yamlencode and a variant": {
        "clusters.tf": CLUSTER,
        "nginx.tf": """
module "nginx" {
  providers = { kustomization = kustomization.gke_zero }
  source    = "kbst.xyz/catalog/nginx/kustomization"
  version   = "1.8.1-kbst.0"

  configuration_base_key = "apps"

  configuration = {
    apps = {
      namespace            = "ingress-nginx"
      common_labels        = { env = "app-${terraform.workspace}" }
      additional_resources = ["${path.root}/manifests/nginx/extra.yaml"]
      config_map_generator = [{
        name     = "nginx-configuration"
        behavior = "merge"
        literals = ["use-gzip=true"]
      }]
      patches = [{
        patch  = <<-EOF
          - op: replace
            path: /spec/replicas
            value: 3
        EOF
        target = { group = "apps", kind = "Deployment" }
      }]
    }
    ops = {
      variant  = "default"
      replicas = [{ name = "nginx", count = 1 }]
      patches = [{
        patch = yamlencode({ kind = "Deployment", metadata = { name = "nginx" } })
      }]
    }
  }
}
""",
        "manifests/nginx/extra.yaml": "kind: ConfigMap\n",
    },
    "a module that inherits nothing follows the workspace": {
        "clusters.tf": CLUSTER,
        "manifests.tf": """
module "custom" {
  source  = "kbst.xyz/catalog/custom-manifests/kustomization"
  version = "0.4.0-kbst.0"

  configuration_base_key = terraform.workspace
  configuration = {
    "${terraform.workspace}" = {
      resources = ["${path.root}/manifests/overlays/${terraform.workspace}"]
    }
  }
}
""",
    },
    "the whole map may be computed": {
        "clusters.tf": f"""
locals {{
  shared = {{{REQUIRED}}}
}}
module "gke_zero" {{
  {GKE}
  configuration = merge({{ apps = local.shared }}, {{ for name in ["ops"] : name => {{}} }})
}}
module "gke_one" {{
  {GKE}
  configuration = {{ apps = local.shared, ops = {{}} }}
}}
""",
    },
    "a local module passes its configuration on": {
        "clusters.tf": f"""
module "platform" {{
  source = "./modules/platform"

  configuration = {{
    apps = {{{REQUIRED}}}
    ops  = {{ cluster_max_node_count = 1 }}
  }}
}}
""",
        "modules/platform/main.tf": f"""
variable "configuration" {{
  type = map(map(string))
}}
module "cluster" {{
  {GKE}
  configuration = var.configuration
}}
""",
    },
    "environments may have any names, with one of them as base": {
        "clusters.tf": f"""
module "gke_zero" {{
  {GKE}

  configuration_base_key = "apps-prod"

  configuration = {{
    apps-prod  = {{{REQUIRED}}}
    apps-stage = {{ cluster_max_node_count = 2 }}
    "ops"      = {{}}
  }}
}}
""",
    },
    "numbers may be strings where the module takes strings": {
        "clusters.tf": CLUSTER.replace('region  ', 'cluster_max_node_count = "3"\n      region  ').replace(
            "ops  = {}", 'ops  = { cluster_max_node_count = "1" }'
        ),
    },
}


@pytest.mark.parametrize("name", list(CASES))
def test_rules_are_silent_about_what_is_right(name: str, tmp_path: Path) -> None:
    for path, text in CASES[name].items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    loaded = load(tmp_path)
    assert loaded.inheritances
    report = lint(loaded)
    assert not report.failures
    spoken = [f"{f.span} {f.rule}: {f.message}" for f in report.findings if f.severity > Severity.INFO]
    assert spoken == []
