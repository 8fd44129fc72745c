# Read after terraform.tfvars, so it wins.
base_domain = "infra.example.com"

clusters = {
  gke_zero = {
    apps = {
      project = "acme-platform"
      prefix  = "gc0"
      region  = "europe-west1"
      zones   = ["b", "c", "d"]
      nodes   = { min = "1", max = "10", machine = "e2-standard-8" }
    }

    ops = {
      zones = ["b"]
      nodes = { max = 1 }
    }
  }

  gke_one = {
    apps = {
      project  = "acme-platform"
      prefix   = "gc1"
      region   = "us-east1"
      zones    = ["b", "c"]
      nodes    = { min = 1, max = 5, machine = "e2-standard-4" }
      features = { private = true }
    }

    ops = {}
  }
}
