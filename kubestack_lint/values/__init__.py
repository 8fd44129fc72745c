"""Terraform's values, types, conversions and expressions."""
