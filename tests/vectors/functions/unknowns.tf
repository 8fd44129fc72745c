# Values that are known only after apply, one of each type.

resource "terraform_data" "string" {
  input = "text"
}

resource "terraform_data" "number" {
  input = 1
}

resource "terraform_data" "bool" {
  input = true
}

resource "terraform_data" "list" {
  input = tolist(["a", "b"])
}

resource "terraform_data" "set" {
  input = toset(["a", "b"])
}

resource "terraform_data" "map" {
  input = tomap({ a = "b" })
}

resource "terraform_data" "numbers" {
  input = tolist([1, 2])
}

resource "terraform_data" "tuple" {
  input = ["a", 1]
}

resource "terraform_data" "object" {
  input = { a = "b", n = 1 }
}

resource "terraform_data" "any" {
  input = jsondecode(terraform_data.string.output)
}

locals {
  u_string  = terraform_data.string.output
  u_number  = terraform_data.number.output
  u_bool    = terraform_data.bool.output
  u_list    = terraform_data.list.output
  u_set     = terraform_data.set.output
  u_map     = terraform_data.map.output
  u_numbers = terraform_data.numbers.output
  u_tuple   = terraform_data.tuple.output
  u_object  = terraform_data.object.output
  u_any     = terraform_data.any.output
}
