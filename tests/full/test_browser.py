"""`--format html` in a real browser: Debian's chromium, driven by playwright-core, judged by axe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.full import repositories
from tests.full.tools import HERE, ROOT, module, program

# Scenarios of browser.mjs, by the page that they look at.
PAGES = {
    "features": (
        "loads_in_silence",
        "pointing_shows_both_places",
        "keyboard_alone",
        "focus_is_never_covered",
        "filters",
        "filters_by_keyboard",
        "links_to_cells",
        "accessible",
        "colours_follow_the_system",
        "a_phone_needs_no_sideways_scrolling",
        "paper_shows_everything",
        "readable_without_a_script",
    ),
    "wide": ("wide_tables_scroll_by_themselves",),
    "hostile": ("markup_stays_text",),
    "big": ("big_pages_stay_usable",),
}


def _node(*arguments: str) -> subprocess.CompletedProcess[str]:
    module("playwright-core")
    module("axe-core")
    chromium = program("chromium", "chromium-browser")
    return subprocess.run(
        [program("node"), str(HERE / "browser.mjs"), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
        env={**os.environ, "KSLINT_CHROMIUM": chromium},
    )


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages by name; `features` is the golden one, which tests/formats guards."""
    found = {"features": ROOT / "tests" / "formats" / "golden" / "lint.html"}
    for name in ("wide", "hostile", "big"):
        directory = getattr(repositories, name)(tmp_path_factory.mktemp(name))
        found[name] = directory / "lint.html"
        command = [sys.executable, "-m", "kubestack_lint", "lint", ".", "--format", "html", "-o", "lint.html"]
        done = subprocess.run(
            command,
            cwd=directory,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert done.returncode == 1, done.stderr
    return found


def test_every_scenario_runs() -> None:
    assert sorted(_node().stdout.split()) == sorted(name for names in PAGES.values() for name in names)


@pytest.mark.parametrize(("page", "scenario"), [(page, name) for page, names in PAGES.items() for name in names])
def test_in_a_browser(page: str, scenario: str, pages: dict[str, Path]) -> None:
    done = _node(scenario, str(pages[page]))
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout, end="")


def test_a_big_page_is_no_burden_to_send(pages: dict[str, Path]) -> None:
    assert pages["big"].stat().st_size < 4_000_000
