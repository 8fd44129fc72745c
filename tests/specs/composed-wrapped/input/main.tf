module "retail" {
  source = "./modules/platform"

  name   = "retail"
  region = "europe-west1"

  pools = {
    default = { machine_type = "e2-standard-8", max = { apps = 10, ops = 1 } }
    batch   = { machine_type = "c3-standard-8", max = { apps = 40 }, spot = true }
  }
}

module "data" {
  source = "./modules/platform"

  name   = "data"
  region = "europe-west4"
  zones  = { apps = ["a", "b"], ops = ["a"] }

  pools = {
    default = { machine_type = "n2-highmem-8", min = 2, max = { apps = 6, ops = 2 } }
  }
}
