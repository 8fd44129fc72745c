# Every environment gets what the base has, unless it says something itself;
# maps and objects are merged one level deep, and "" counts as nothing said.
variable "configuration" {
  type        = map(any)
  description = "Settings by environment."
}

variable "base_key" {
  type        = string
  description = "The environment that all others inherit from."
}

locals {
  inherited = var.configuration[var.base_key]
}

output "merged" {
  description = "What each environment really gets."
  value = {
    for environment, own in var.configuration : environment => {
      for setting in distinct(concat(keys(local.inherited), keys(own))) : setting => try(
        {
          for inner in distinct(concat(keys(local.inherited[setting]), keys(own[setting]))) : inner => try(
            coalesce(lookup(own[setting], inner, null), lookup(local.inherited[setting], inner, null)),
            local.inherited[setting][inner],
          )
        },
        coalesce(lookup(own, setting, null), lookup(local.inherited, setting, null)),
        local.inherited[setting],
      )
    }
  }
}
