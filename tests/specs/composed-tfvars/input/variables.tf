variable "base_domain" {
  type    = string
  default = "infra.example.org"
}

variable "kubernetes_version" {
  type    = string
  default = "1.29"
}

variable "clusters" {
  description = "Settings of each cluster by environment. What is left out is inherited."
  type = map(map(object({
    project  = optional(string)
    prefix   = optional(string)
    region   = optional(string)
    zones    = optional(list(string), [])
    nodes    = optional(object({ min = optional(number), max = optional(number), machine = optional(string) }), {})
    features = optional(map(bool), {})
  })))
}
