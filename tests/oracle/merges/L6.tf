# master: one level of nesting is merged too, and "" inherits as null does.
variable "configuration" {
  type = map(any)
}

variable "base_key" {
  type = string
}

locals {
  from = var.configuration[var.base_key]
}

output "merged" {
  value = {
    for name, own in var.configuration : name => {
      for key in distinct(concat(keys(local.from), keys(own))) : key => try(
        {
          for inner in distinct(concat(keys(local.from[key]), keys(own[key]))) : inner => try(
            coalesce(lookup(own[key], inner, null), lookup(local.from[key], inner, null)),
            local.from[key][inner],
          )
        },
        coalesce(lookup(own, key, null), lookup(local.from, key, null)),
        local.from[key],
      )
    }
  }
}
