variable "name" {
  type        = string
  description = "Short name of the platform, also the prefix of its clusters."

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.name))
    error_message = "A platform's name has two to ten lowercase letters and digits."
  }
}

variable "region" {
  type = string
}

variable "zones" {
  type        = map(list(string))
  description = "Zones by environment, without the region."
  default     = { apps = ["b", "c", "d"], ops = ["b"] }
}

variable "pools" {
  description = "Node pools; the one named default belongs to the cluster itself."
  type = map(object({
    machine_type = string
    min          = optional(number, 1)
    max          = object({ apps = number, ops = optional(number, 1) })
    spot         = optional(bool, false)
  }))
}
