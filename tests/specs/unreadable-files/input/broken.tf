module "broken" {
  configuration = {
    apps = { a = "open
  }
}
