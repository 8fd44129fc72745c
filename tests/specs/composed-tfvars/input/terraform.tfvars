base_domain        = "infra.example.net"
kubernetes_version = "1.30"
