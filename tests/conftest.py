"""For all tests: where Hypothesis may write, and what Terraform must not ask for."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

# Terraform reads these when its library is loaded; nothing of the machine's own
# configuration may reach it.
os.environ["TF_CLI_CONFIG_FILE"] = os.devnull
os.environ["CHECKPOINT_DISABLE"] = "1"
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(tempfile.gettempdir(), "kslint-hypothesis")))
