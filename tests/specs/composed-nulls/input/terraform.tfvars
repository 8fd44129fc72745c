# Not nullable, so the default counts.
base_domain = null
