variable "environment_defaults" {
  description = "Settings that a team may leave out, or set to null."
  type = map(object({
    version = optional(string)
    zones   = optional(list(string))
    max     = optional(number)
    labels  = optional(map(string), {})
    private = optional(bool)
  }))

  validation {
    condition     = contains(keys(var.environment_defaults), "apps")
    error_message = "There has to be an apps environment."
  }

  validation {
    condition = alltrue([
      for name, settings in var.environment_defaults : coalesce(settings.max, 1) >= 1 && coalesce(settings.max, 1) <= 100
    ])
    error_message = "max is from 1 to 100."
  }

  default = {
    apps = { version = "1.31", zones = ["b", "c", "d"], max = 10, labels = { tier = "general", owner = "platform" } }
    ops  = { zones = ["b"], max = null, labels = { owner = "" }, private = false }
  }
}

variable "office_ranges" {
  description = "Who may reach the control plane; nobody else's business."
  type        = list(string)
  sensitive   = true
  default     = ["198.51.100.7/32"]

  validation {
    condition     = alltrue([for range in var.office_ranges : can(cidrhost(range, 0))])
    error_message = "Every range has to be a CIDR."
  }
}

variable "role_names" {
  type      = map(string)
  sensitive = true
  default   = { apps = "break-glass", ops = "operators" }
}

variable "base_domain" {
  type     = string
  nullable = false
  default  = "infra.example.com"
}
