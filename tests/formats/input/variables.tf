variable "region" {
  type = string
}

variable "nodes" {
  type    = number
  default = 3

  validation {
    condition     = var.nodes < 10
    error_message = "At most nine nodes."
  }
}
