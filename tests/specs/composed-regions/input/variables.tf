variable "regions" {
  description = "Regions that have a cluster, with their zones and sizes."
  type = map(object({
    prefix = string
    zones  = list(string)
    max    = optional(number, 9)
  }))
  default = {
    "europe-west1" = { prefix = "gc0", zones = ["b", "c", "d"] }
    "europe-west4" = { prefix = "gc1", zones = ["a", "b", "c"], max = 18 }
    "us-east1"     = { prefix = "gc2", zones = ["b", "c", "d"], max = 3 }
  }
}

variable "aws_regions" {
  type    = set(string)
  default = ["eu-west-1", "us-east-1"]
}
