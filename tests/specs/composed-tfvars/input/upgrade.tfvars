# kslint diff . --var-file upgrade.tfvars: what the next upgrade will look like.
kubernetes_version = "1.31"
