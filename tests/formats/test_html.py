"""The page of `--format html` as markup; tests/full looks at it in a browser."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

import kubestack_lint
from kubestack_lint.masking import masked
from kubestack_lint.report import Failure
from kubestack_lint.reporters.lint_html import lint_html
from kubestack_lint.reporters.matrix import identifier

SOURCE = 'source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"'
VOID = ("meta", "input", "wbr", "br")


@cache
def golden() -> str:
    """The page of the repository that holds every feature."""
    return (Path(__file__).parent / "golden" / "lint.html").read_text("utf-8")


class _Page(HTMLParser):
    """Tags with attributes, and the text in each element with an id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[tuple[str, str]] = []
        self.texts: dict[str, str] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag not in VOID:
            self.open.append((tag, attributes.get("id", "")))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, identity in self.open:
            if identity:
                self.texts[identity] = self.texts.get(identity, "") + data


def _page(directory: Path, **files: str) -> str:
    for name, text in files.items():
        path = directory / f"{name.replace('__', '/')}.tf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return lint_html(masked(kubestack_lint.lint(kubestack_lint.load(directory))))


def _block(configuration: str, source: str = SOURCE) -> str:
    return f'module "gke" {{\n  {source}\n  configuration = {{\n{configuration}\n  }}\n}}\n'


def test_elements_are_closed_and_identities_are_unique() -> None:
    page = _Page(golden())
    assert page.open == [("!", "")] or not page.open
    identities = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identities) == len(set(identities)) > 40


def test_nothing_is_fetched_and_nothing_else_runs() -> None:
    page = _Page(golden())
    for tag, attributes in page.tags:
        assert tag not in ("link", "img", "iframe", "object", "base")
        assert "src" not in attributes and "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("href", "#").startswith("#")
    assert [tag for tag, _ in page.tags].count("script") == 1
    (policy,) = (attributes["content"] for _, attributes in page.tags if attributes.get("http-equiv"))
    for element in ("script", "style"):
        (text,) = re.findall(rf"(?s)<{element}>(.*?)</{element}>", golden())
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")


def test_links_lead_somewhere() -> None:
    page = _Page(golden())
    identities = {attributes.get("id") for _, attributes in page.tags}
    targets = {attributes["href"][1:] for tag, attributes in page.tags if tag == "a"}
    targets |= {attributes["data-c"] for _, attributes in page.tags if "data-c" in attributes}
    assert targets
    assert targets <= identities


def test_a_cell_says_both_places() -> None:
    texts = _Page(golden()).texts
    cell = texts["module.gke_zero/ops/name_prefix"]
    assert cell == '≠ "" ignoreddiffers from appsops "" infra/clusters.tf:23over apps gc0 infra/clusters.tf:7'
    assert texts["module.gke_zero/ops/base_domain"] == "infra.example.cominherited from appsapps infra/clusters.tf:8"


def test_unknown_values_say_why() -> None:
    assert 'variable "region" has no value' in _Page(golden()).texts["module.gke_zero/dev/region"]


def test_findings_stand_on_their_cells_also_where_nothing_is_set() -> None:
    texts = _Page(golden()).texts
    assert texts["module.eks_zero/apps/base_domain"] == "– error"
    assert texts["module.gke_zero/ops/cluster_max_node_count"].startswith("= 9 error waived")
    assert "names no version" in texts["module.eks_zero"]
    assert "this block is never closed" in texts["repository"]


def test_markup_in_values_stays_text() -> None:
    assert "<script>alert" not in golden()
    assert _Page(golden()).texts["module.gke_zero/apps/motd"].startswith("\"<script>alert('ünïcode')</script>")


def test_identities_tell_what_dots_and_slashes_do_not() -> None:
    assert identifier("module.a", "ops", "b") == "module.a/ops/b"
    assert identifier("module.a", "ops", "b/c") != identifier("module.a", "ops", "b", "c")
    assert identifier('module.a["x y"]', "\ud800") == "module.a%5B%22x%20y%22%5D/%ED%A0%80"


def test_two_root_modules_may_have_blocks_of_one_address(tmp_path: Path) -> None:
    blocks = {name: _block(f'    apps = {{ region = "{name}" }}\n    ops = {{}}') for name in ("a", "b")}
    page = _Page(_page(tmp_path, a__main=blocks["a"], b__main=blocks["b"]))
    cells = {name: text for name, text in page.texts.items() if name.endswith("/ops/region")}
    assert [name.split("%3A")[1] for name in cells] == ["module.gke/ops/region"] * 2
    assert [text[0] for text in cells.values()] == ["a", "b"]
    for name in ("a", "b"):
        (section,) = (text for identity, text in page.texts.items() if identity.endswith(f"{name}%3Amodule.gke"))
        assert f"/{'b' if name == 'a' else 'a'}/main.tf" not in section


def test_lost_and_added_settings_have_rows(tmp_path: Path) -> None:
    source = 'source = "github.com/kbst/terraform-kubestack//aws/cluster?ref=master"'
    pool = 'default_node_pool = { instance_types = ["m"], desired_capacity = 1, min_size = 1, max_size = 3'
    options = 'metadata_options = { http_endpoint = "enabled", http_tokens = "required" } }'
    more = '      default_node_pool = { metadata_options = { http_endpoint = "disabled" } }\n      cluster_version = "1.31"'
    base = f'      base_domain = "x.example"\n      name_prefix = "a"\n      {pool}, {options}'
    text = _page(tmp_path, main=_block(f"    apps = {{\n{base}\n    }}\n    ops = {{\n{more}\n    }}", source))
    texts = _Page(text).texts
    lost = texts["module.gke/ops/default_node_pool/metadata_options/http_tokens"]
    assert lost.startswith("− (none)")
    assert "lost: apps has it" in lost
    assert "main.tf:7" in lost
    assert texts["module.gke/ops/cluster_version"].startswith('+ "1.31"')
    assert texts["module.gke/apps/cluster_version"] == "–"


def test_a_secret_is_hidden_where_it_was_copied_to(tmp_path: Path) -> None:
    text = _page(
        tmp_path,
        main=_block(
            '    apps = { admin_password = "correct-horse-battery", note = "use correct-horse-battery" }\n    ops = {}'
        ),
    )
    assert "correct-horse" not in text
    assert "use (sensitive)" in text


def test_long_values_are_cut_and_no_secret_with_them(tmp_path: Path) -> None:
    padding = "x" * 390
    secret = '    apps = { admin_password = "correct-horse-battery", note = "%s correct-horse-battery" }\n    ops = {}'
    text = _page(tmp_path, main=_block(secret % padding))
    assert "xxx (sensiti…" in text
    assert "correct" not in text


@pytest.mark.parametrize("what", ["", "    apps = null\n    ops = {}"])
def test_a_block_that_terraform_refuses_says_so(what: str, tmp_path: Path) -> None:
    texts = _Page(_page(tmp_path, main=_block(what))).texts
    assert "Terraform refuses this block: " in texts["module.gke"]


def test_without_findings_that_is_said(tmp_path: Path) -> None:
    loaded = kubestack_lint.load(Path(__file__).parent.parent.parent / "examples" / "talk")
    text = lint_html(kubestack_lint.lint(loaded))
    assert '<b class="f none">no findings</b>' in text
    assert "− europe-west1-c" in _Page(text).texts["module.gke_zero/ops/cluster_node_locations"]


def test_what_crashed_and_what_was_known_before_is_shown(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(_block('    apps = { region = "a" }\n    ops = { region = "a" }'), "utf-8")
    report = kubestack_lint.lint(kubestack_lint.load(tmp_path))
    failures = (Failure("some-rule", "KeyError: <b>"),)
    texts = _Page(lint_html(replace(report, findings=(), known=report.findings, failures=failures))).texts
    assert texts["repository"] == "Repositorycrash some-ruleKeyError: <b>"
    assert texts["module.gke/ops/region"].startswith("= a known")
    assert "in the baseline" in texts["module.gke"]


def test_an_environment_that_cannot_be_computed_keeps_its_column(tmp_path: Path) -> None:
    text = _page(tmp_path, main=_block('    apps = { region = "a" }\n    ops = null'))
    assert 'id="module.gke/ops"' in text
    texts = _Page(text).texts
    assert texts["module.gke/apps/region"].startswith("a")
    assert texts["module.gke/ops/region"].startswith(("cannot be computed", "a"))


def test_settings_of_one_object_stand_together(tmp_path: Path) -> None:
    source = 'source = "github.com/kbst/terraform-kubestack//aws/cluster?ref=master"'
    apps = 'apps = { default_node_pool = { min_size = 1 }, cluster_version = "1.31" }'
    ops = "ops = { default_node_pool = { max_size = 2 } }"
    text = _page(tmp_path, main=_block(f"    {apps}\n    {ops}", source))
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>', text)
    names = [re.sub("<.*?>| (error|warning)", "", row) for row in rows]
    sizes = [names.index(f"default_node_pool.{name}") for name in ("min_size", "max_size")]
    assert sizes[1] - sizes[0] in (1, -1)
    assert names.index("cluster_version") > max(sizes)


@pytest.mark.parametrize("kind", ["examples", "tests/specs"])
def test_every_repository_that_we_have_makes_a_sound_page(kind: str) -> None:
    root = Path(__file__).parent.parent.parent
    inputs = [path if kind == "examples" else path / "input" for path in sorted((root / kind).iterdir())]
    seen = 0
    for path in inputs:
        if not path.is_dir():
            continue
        page = _Page(lint_html(masked(kubestack_lint.lint(kubestack_lint.load(path)))))
        identities = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(identities) == len(set(identities)), path
        targets = {attributes["data-c"] for _, attributes in page.tags if "data-c" in attributes}
        assert targets <= set(identities), path
        assert not any(" " in identity or '"' in identity for identity in identities), path
        seen += 1
    assert seen >= 3
