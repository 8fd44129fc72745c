"""A directory → Terraform modules, their values, and the Kubestack blocks in them."""
