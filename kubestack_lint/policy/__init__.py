"""Rules as a team configures them: settings files, packs, and findings that are set aside."""
