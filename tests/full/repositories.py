"""Repositories for the tests in a browser, written to disk."""

from __future__ import annotations

from pathlib import Path

SOURCE = 'source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"'
# Each would run if it were taken for markup; `fired` is what a test looks for.
HOSTILE = (
    "<img src=x onerror=fired('image')>",
    "</script><script>fired('script')</script>",
    "\\\"><svg onload=fired('svg')>",
    "' onmouseover=fired('attribute') x='",
    "</small></td><iframe srcdoc='<script>parent.fired(1)</script>'></iframe>",
    "\u2028<a href=javascript:fired('link')>x</a>",
)


def big(directory: Path, modules: int = 200) -> Path:
    """Modules with four environments and some twenty settings each; findings in many."""
    settings = "\n".join(f'      setting_{number:02} = "value-{number}"' for number in range(8))
    for number in range(modules):
        (directory / f"cluster_{number:03}.tf").write_text(
            f"""module "gke_{number:03}" {{
  {SOURCE}

  configuration = {{
    apps = {{
      project_id                 = "acme-platform-{number}"
      name_prefix                = "gc{number}"
      base_domain                = "infra.example.com"
      region                     = "europe-west1"
      cluster_node_locations     = "europe-west1-b,europe-west1-c,europe-west1-d"
      cluster_min_master_version = "1.29"
      cluster_min_node_count     = 1
      cluster_max_node_count     = {10 + number % 7}
      cluster_machine_type       = "e2-standard-8"
{settings if number % 4 == 0 else ""}
    }}
    ops = {{
      cluster_max_node_count = 1
      cluster_node_locations = "europe-west1-b"
    }}
    dev = {{
      cluster_machine_type = "e2-standard-{2 + 2 * (number % 2)}"
      region               = "europe-west1"
    }}
    test = {{}}
  }}
}}
""",
            "utf-8",
        )
    return directory


def wide(directory: Path) -> Path:
    """More environments than fit beside each other, a long value, and a longer word."""
    others = "".join(f"    env-{number} = {{ cluster_max_node_count = {number} }}\n" for number in range(1, 9))
    (directory / "main.tf").write_text(
        f"""module "gke" {{
  {SOURCE}

  configuration = {{
    apps = {{
      project_id             = "acme-platform"
      region                 = "europe-west1"
      cluster_node_locations = "europe-west1-b,europe-west1-c,europe-west1-d"
      cluster_max_node_count = 9
      note                   = "{"words and more words, " * 15}the end"
      address                = "https://{"x" * 200}.example"
    }}
{others}  }}
}}
""",
        "utf-8",
    )
    return directory


def hostile(directory: Path) -> Path:
    """Markup wherever a repository can put text: values, keys, environments, comments, instances of modules."""
    values = "\n".join(f'      "key{number}{text}" = "{text}"' for number, text in enumerate(HOSTILE))
    names = "".join(f'    "{text}" = {{ region = "{text}" }}\n' for text in HOSTILE[:3])
    (directory / "main.tf").write_text(
        f"""module "gke" {{
  for_each = toset(["{HOSTILE[0]}"])
  {SOURCE}

  configuration = {{
    apps = {{
      project_id             = "acme"
      name_prefix            = "gc0"
      base_domain            = "infra.example.com"
      region                 = "europe-west1"
      cluster_max_node_count = 3
{values}
    }}
    ops = {{
      # kslint: ignore[placeholder-value] {HOSTILE[0]}
      name_prefix            = ""
      cluster_max_node_count = var.missing
    }}
{names}  }}
}}

variable "missing" {{
  description = "{HOSTILE[0]}"
}}
""",
        "utf-8",
    )
    return directory
