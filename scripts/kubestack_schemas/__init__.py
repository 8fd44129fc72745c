"""Builds schemas/kubestack from recorded facts and from git checkouts of terraform-kubestack."""
