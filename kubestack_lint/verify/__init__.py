"""Replay of Kubestack blocks through a real terraform, for users who distrust us.

The only part of kslint that runs another program. It builds a copy of the
configuration without providers, resources and data sources, lets terraform
plan it, and compares what terraform computed with what the engine says.
"""
