"""Every mistake in a settings file: the place, the words, the way out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from repository import module, write

from kubestack_lint.cli import run as kslint
from kubestack_lint.errors import ConfigError, UsageError
from kubestack_lint.policy.settings import load_settings

NODES = "policies:\n- id: small\n  rule: too-many-nodes\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
QUOTES = "text with quotes, brackets or a colon in it must stand in quotes as a whole, or below |"
# name: text of .kslint.yaml, message with its place, hint
MISTAKES = {
    "not-yaml": (
        "a: [",
        ".kslint.yaml:1:5: this is not valid YAML: while parsing a flow node expected the node content, but found '<stream end>'",
        "",
    ),
    "tab": (
        "policies:\n\t- id: x\n",
        ".kslint.yaml:2:1: this is not valid YAML: while scanning for the next token found character '\\t' that cannot start any token",
        "indent with spaces, not tabs",
    ),
    "star": (
        "select: *\n",
        ".kslint.yaml:1:10: this is not valid YAML: while scanning an alias expected alphabetic or numeric character, but found '\\n'",
        "text that begins with * must stand in quotes",
    ),
    "list": ("- a\n", ".kslint.yaml:1:1: the file must be a mapping, not a list", ""),
    "duplicate-key": (
        "select: a\nselect: b\n",
        ".kslint.yaml:2:1: select is set twice; it is already on line 1",
        "remove one of them",
    ),
    "tag": (
        "select: !!python/name:os.system\n",
        ".kslint.yaml:1:9: the tag tag:yaml.org,2002:python/name:os.system has no meaning here",
        "remove it",
    ),
    "tag-of-an-expression": (
        NODES + "  message: !(a)\n",
        ".kslint.yaml:4:12: the tag !(a) has no meaning here",
        "text that begins with ! must stand in quotes",
    ),
    "bare-colon": (
        NODES + "  message: too many: nodes\n",
        ".kslint.yaml:4:20: this is not valid YAML: mapping values are not allowed here",
        QUOTES,
    ),
    "bare-quotes": (
        'policies:\n- id: x\n  rule: condition\n  with:\n    require: "a" == config.region\n',
        ".kslint.yaml:5:18: this is not valid YAML: while parsing a block mapping expected <block end>, but found '<scalar>'",
        QUOTES,
    ),
    "bare-for": (
        "policies:\n- id: x\n  rule: condition\n  with:\n    require: '[a] != []'\n    when: [a] != []\n",
        ".kslint.yaml:6:15: this is not valid YAML: while parsing a block mapping expected <block end>, but found '<tag>'",
        QUOTES,
    ),
    "merge-key": (
        "policies:\n- &a\n  id: x\n  rule: too-many-nodes\n- <<: *a\n",
        ".kslint.yaml:5:3: << merges nothing here",
        "write the keys out; an alias stands for a whole value",
    ),
    "conflict": (
        "policies:\n<<<<<<< HEAD\n- id: lossy-number\n=======\n- id: wrong-type\n>>>>>>> other\n",
        ".kslint.yaml:2:1: git left a conflict here",
        "keep what is right of both sides",
    ),
    "no-glob": (
        NODES + "  with: {max: 1}\n  where: {environment: []}\n",
        ".kslint.yaml:5:24: policies[0].where.environment must not be empty",
        "",
    ),
    "no-member": (
        "environments: {roles: {prod: []}}\n",
        ".kslint.yaml:1:30: environments.roles.prod must not be empty",
        "",
    ),
    "alias-bomb": (
        BOMB,
        ".kslint.yaml:1:1: the aliases of this file repeat too much",
        "a settings file may grow to 100,000 values; write without & and *",
    ),
    "alias-in-itself": ("select: &a [*a]\n", ".kslint.yaml:1:9: this alias contains itself", "write the value out"),
    "deep": (
        "select: " + "[" * 60 + "]" * 60,
        ".kslint.yaml:1:58: this is nested too deeply",
        "settings nest at most 50 levels",
    ),
    "very-deep": (
        "select: " + "[" * 20_000,
        ".kslint.yaml:1:1: this is nested too deeply",
        "settings nest at most 50 levels",
    ),
    "control-character": ("select: \x07\n", ".kslint.yaml:1:9: this character is not allowed in YAML: U+0007", ""),
    "unknown-key": ("polices: []\n", ".kslint.yaml:1:1: there is no key polices", "did you mean policies?"),
    "unknown-policy-key": (
        NODES + "  wher: {}\n",
        ".kslint.yaml:4:3: policies[0] has no key wher",
        "did you mean where?",
    ),
    "wrong-type": (
        "policies: {}\n",
        ".kslint.yaml:1:11: policies must be a list, not a mapping",
        "begin each entry with a dash",
    ),
    "empty-value": (
        "policies:\n",
        ".kslint.yaml:1:10: policies must be a list, not empty",
        "remove the key, or give it a value",
    ),
    "number-for-text": (
        NODES + "  where: {version: 1.2}\n",
        ".kslint.yaml:4:20: policies[0].where.version must be a text or a list, not 1.2",
        'write it in quotes: "1.2"',
    ),
    "quoted-boolean": (
        NODES + '  ignorable: "no"\n',
        '.kslint.yaml:4:14: policies[0].ignorable must be true or false, not "no"',
        "write true or false, without quotes",
    ),
    "missing-id": ("policies:\n- rule: x\n", ".kslint.yaml:2:3: policies[0] needs id", "add id: …"),
    "form-of-id": (
        "policies:\n- id: Ops Small\n",
        ".kslint.yaml:2:7: policies[0].id is Ops Small, which has not the form of lower case letters, digits and dashes, such as ops-stays-small",
        "",
    ),
    "severity": (
        NODES + "  severity: eror\n",
        ".kslint.yaml:4:13: policies[0].severity must be error, warning, info or off",
        "did you mean error?",
    ),
    "duplicate-id": (
        "policies:\n- id: redundant-override\n- id: redundant-override\n",
        ".kslint.yaml:3:7: the id redundant-override is used twice; it is already on line 2",
        "give each policy an id of its own",
    ),
    "unknown-rule": (
        "policies:\n- id: small\n  rule: to-many-nodes\n",
        ".kslint.yaml:3:9: there is no rule to-many-nodes",
        "did you mean too-many-nodes?",
    ),
    "no-rule": (
        "policies:\n- id: redundant-overide\n",
        ".kslint.yaml:2:7: the policy redundant-overide says no rule, and there is none of that name",
        "did you mean redundant-override?",
    ),
    "id-of-another-rule": (
        "policies:\n- id: lossy-number\n  rule: redundant-override\n",
        ".kslint.yaml:2:7: lossy-number is a rule of its own, not a policy of redundant-override",
        "choose another id",
    ),
    "unknown-parameter": (
        NODES + "  with: {maxx: 1}\n",
        ".kslint.yaml:4:10: the rule too-many-nodes has no parameter maxx",
        "did you mean max?",
    ),
    "parameter-type": (
        NODES + "  with:\n    max: three\n",
        ".kslint.yaml:5:10: max must be a whole number or null; three is not a whole number or null",
        "kslint explain too-many-nodes shows its parameters",
    ),
    "parameter-boolean": (
        NODES + "  with: {max: true}\n",
        ".kslint.yaml:4:15: max must be a whole number or null; true is not a whole number or null",
        "kslint explain too-many-nodes shows its parameters",
    ),
    "parameter-choice": (
        NODES + "  with: {max: 1, scope: all}\n",
        ".kslint.yaml:4:25: scope must be module or environment; all is not module or environment",
        "kslint explain too-many-nodes shows its parameters",
    ),
    "parameter-element": (
        "policies:\n- id: shared-identity\n  with: {attributes: [project_id, 3]}\n",
        ".kslint.yaml:3:35: attributes must be a list of text; 3 is not a text",
        "kslint explain shared-identity shows its parameters",
    ),
    "missing-parameter": (NODES, ".kslint.yaml:2:7: the rule too-many-nodes needs max", "add with: {max: …}"),
    "bad-glob": (
        NODES + "  with: {max: 1}\n  where: {environment: 'ops.*'}\n",
        ".kslint.yaml:5:24: 'ops.*' is no glob: this is a regular expression",
        "* is any text and ? one character; everything else means itself",
    ),
    "glob-set": (
        NODES + "  with: {max: 1}\n  where: {module: '{google,aws}/*'}\n",
        ".kslint.yaml:5:19: '{google,aws}/*' is no glob: sets and negations mean nothing here",
        "write a list of globs: [ops, apps-*]",
    ),
    "glob-blank": (
        NODES + "  with: {max: 1}\n  where: {address: ' '}\n",
        ".kslint.yaml:5:20: ' ' is no glob: it is empty or has blanks around it",
        'write "*" to mean everything, or leave the key out',
    ),
    "unknown-role": (
        NODES + "  with: {max: 1}\n  where: {environment: 'role:prod'}\n",
        ".kslint.yaml:5:24: there is no role prod",
        "environments: roles: names none",
    ),
    "no-base": (
        NODES + "  with: {max: 1}\n  where: {environment: 'role:base'}\n",
        ".kslint.yaml:5:24: no base is known that role:base could mean",
        "add environments: {base: …}",
    ),
    "role-among-parameters": (
        "policies:\n- id: unprotected-deletion\n  with: {environments: [apps, 'role:live']}\n",
        ".kslint.yaml:3:31: these are globs of names, and roles mean nothing here",
        'write where: {environment: "role:live"} and environments: ["*"]',
    ),
    "placeholder": (
        NODES + "  with: {max: 1}\n  message: 'too many: {massage}'\n",
        ".kslint.yaml:5:12: {massage} has no meaning in a message",
        "there is {message}, {address}, {environment}, {attribute}",
    ),
    "select": (
        "select: [redundant-overide]\n",
        ".kslint.yaml:1:10: there is no rule or policy redundant-overide",
        "did you mean redundant-override?",
    ),
    "ignore": (
        "extends: kslint:regulated\nignore: expired-waiver\n",
        ".kslint.yaml:2:9: expired-waiver cannot be ignored: its policy says ignorable: false",
        "see kslint:regulated",
    ),
    "switched-off": (
        "extends: kslint:regulated\npolicies:\n- {id: expired-waiver, severity: off}\n",
        ".kslint.yaml:3:34: expired-waiver cannot be switched off: it is not ignorable, says kslint:regulated:",
        "remove this line",
    ),
    "unknown-pack": (
        "extends: kslint:stric\n",
        ".kslint.yaml:1:10: there is no pack kslint:stric",
        "did you mean kslint:strict?",
    ),
    "pack-without-prefix": (
        "extends: strict\n",
        ".kslint.yaml:1:10: there is no file strict",
        "packs of kslint are written kslint:strict",
    ),
    "missing-file": (
        "extends: [./none.yaml]\n",
        ".kslint.yaml:1:11: there is no file ./none.yaml",
        "the path is relative to this file",
    ),
    "network": (
        "extends: https://example.com/a.yaml\n",
        ".kslint.yaml:1:10: https://example.com/a.yaml is not in this repository",
        "kslint reads no network; keep a copy of the file here",
    ),
    "outside": (
        "extends: ../../a.yaml\n",
        ".kslint.yaml:1:10: ../../a.yaml lies outside of this repository",
        "keep a copy of the file here",
    ),
    "itself": (
        "extends: .kslint.yaml\n",
        ".kslint.yaml:1:10: .kslint.yaml leads back to this file, which it extends",
        "remove one of the two",
    ),
    "cycle": (
        "extends: circle.yaml\n",
        "circle.yaml:1:10: .kslint.yaml leads back to this file, which it extends",
        "remove one of the two",
    ),
    "date": (
        "waivers:\n- {rule: x, reason: y, expires: 2026-02-30}\n",
        ".kslint.yaml:2:33: 2026-02-30 is no date: ",
        "",
    ),
    "form-of-date": (
        "waivers:\n- {rule: x, reason: y, expires: soon}\n",
        ".kslint.yaml:2:33: waivers[0].expires is soon, which has not the form of a date such as 2030-12-31",
        "",
    ),
    "waiver-without-reason": (
        "waivers:\n- {rule: x, expires: 2026-01-01}\n",
        ".kslint.yaml:2:3: waivers[0] needs reason",
        "add reason: …",
    ),
}


@pytest.mark.parametrize("name", list(MISTAKES))
def test_mistake(name: str, tmp_path: Path) -> None:
    text, message, hint = MISTAKES[name]
    write(tmp_path, clusters=module(), settings=text, **{"circle.yaml": "extends: .kslint.yaml\n"})
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    # What Python says about a date differs between its versions, a pack's line with its text.
    assert caught.value.message == message or (
        message.endswith((": ", "regulated:")) and caught.value.message.startswith(message)
    )
    assert caught.value.hint == hint


# The same mistakes in each kind of file: bytes, message behind the place, hint.
BYTES = {
    "five-megabytes": (
        b"# " + b"x" * 5_000_000,
        "1:1: this file is 5.0 MB; settings are read up to 1 MB",
        "move policies into files of their own and name them under extends",
    ),
    "no-text": (b"select: \xff\n", "1:1: this file is not UTF-8", "save it as UTF-8"),
    "utf-16": ("select: []\n".encode("utf-16"), "1:1: this file is not UTF-8", "save it as UTF-8"),
    "nul": (b"select: \0\n", "1:9: this character is not allowed in YAML: U+0000", ""),
    "tab": (
        b"a:\n\t- b\n",
        "2:1: this is not valid YAML: while scanning for the next token found character '\\t' that cannot start any token",
        "indent with spaces, not tabs",
    ),
    "alias-bomb": (
        BOMB.encode(),
        "1:1: the aliases of this file repeat too much",
        "a settings file may grow to 100,000 values; write without & and *",
    ),
    "two-documents": (
        b"select: []\n---\nselect: []\n",
        "2:1: this is not valid YAML: expected a single document in the stream but found another document",
        "",
    ),
}
FILES = {
    ".kslint.yaml": "",
    "packs/own.yaml": "extends: packs/own.yaml\n",
    ".kslint-waivers.yaml": "",
    ".kslint-baseline.yaml": "",
}


@pytest.mark.parametrize("file", list(FILES))
@pytest.mark.parametrize("name", list(BYTES))
def test_bytes_that_are_no_settings(name: str, file: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data, message, hint = BYTES[name]
    write(tmp_path, clusters=module(), **({"settings": FILES[file]} if FILES[file] else {}))
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_bytes(data)
    assert kslint(["lint", str(tmp_path)]) == 2
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == f"kslint: {file}:{message}\n" + (f"  {hint}\n" if hint else "")


@pytest.mark.parametrize("file", list(FILES))
@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "\ufeff", "\ufeff# nothing\r\n"])
def test_an_empty_file_says_nothing(text: str, file: str, tmp_path: Path) -> None:
    write(tmp_path, clusters=module(), **({"settings": FILES[file]} if FILES[file] else {}))
    assert kslint(["lint", str(tmp_path), "--select", "lossy-number"]) == (2 if "packs" in file else 0)
    write(tmp_path, **{file: text})
    assert kslint(["lint", str(tmp_path), "--select", "lossy-number"]) == 0


# lint says every mistake; of the other commands one of each kind is enough.
SAID = [("lint", name) for name in MISTAKES if name != "very-deep"]
SAID += [
    (command, name)
    for command in ("baseline", "config", "policies", "fix", "test")
    for name in ("not-yaml", "unknown-key", "unknown-rule", "bad-glob", "cycle")
]


@pytest.mark.parametrize(("command", "name"), SAID)
def test_every_command_says_it_and_ends_with_2(
    name: str, command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text, message, hint = MISTAKES[name]
    write(tmp_path, clusters=module(), settings=text, **{"circle.yaml": "extends: .kslint.yaml\n"})
    assert kslint([command, str(tmp_path)]) == 2
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"kslint: {message}")
    assert captured.err.endswith(f"\n  {hint}\n" if hint else "\n")


def test_mistakes_in_extended_files_name_those(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(
        tmp_path,
        clusters=module(),
        settings="extends: packs/own.yaml\n",
        **{"packs/own.yaml": "extends: ../packs/deeper.yaml\n", "packs/deeper.yaml": "polcies: []\n"},
    )
    assert kslint(["lint", str(tmp_path)]) == 2
    assert (
        capfd.readouterr().err == "kslint: packs/deeper.yaml:1:1: there is no key polcies\n  did you mean policies?\n"
    )


@pytest.mark.parametrize("name", [".kslint.yaml", ".kslint-waivers.yaml", ".kslint-baseline.yaml"])
@pytest.mark.parametrize("kind", ["directory", "dangling", "pipe"])
def test_what_has_the_name_and_is_no_file(
    kind: str, name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A gate without its settings would be open."""
    path = write(tmp_path, **{"below/clusters.tf": module()}) / name
    if kind == "directory":
        path.mkdir()
    elif kind == "dangling":
        path.symlink_to("gone.yaml")
    else:
        os.mkfifo(path)
    assert kslint(["lint", str(tmp_path / "below")]) == 2
    captured = capfd.readouterr()
    hint = "remove it, or make it one: kslint reads it in every run"
    assert (captured.out, captured.err) == ("", f"kslint: {path} is no file\n  {hint}\n")


def test_a_whole_number_in_another_form(tmp_path: Path) -> None:
    write(tmp_path, settings="max_waiver_days: 3e1\n")
    assert load_settings(tmp_path).max_waiver_days == 30


def test_a_settings_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        load_settings(tmp_path, tmp_path / "none.yaml")


def test_waivers_alone_in_their_own_file(tmp_path: Path) -> None:
    write(tmp_path, clusters=module(), waivers="policies: []\n")
    with pytest.raises(
        ConfigError, match=r"\.kslint-waivers\.yaml:1:1: policies has no place in \.kslint-waivers\.yaml"
    ):
        load_settings(tmp_path)


# Parameters of a condition; where the mistake is said to be; message, hint.
CONDITIONS = {
    "ends-early": ("{require: 'config.region =='}", "4:36", "the file ends where an expression is expected", ""),
    "when": ("{when: 'true &&', require: 'true'}", "4:24", "the file ends where an expression is expected", ""),
    "empty": ("{require: ''}", "4:20", "the file ends where an expression is expected", ""),
    "assignment": ("{require: 'config.region = 1'}", "4:34", "the expression should end here", ""),
    "several-lines": (
        '\n    require: |\n      config.region == "a" &&\n        confg.region == 2\n',
        "7:9",
        '"confg" refers to nothing; a string is written in quotes',
        "",
    ),
    "attribute": (
        "{require: 'config.regoin == 1'}",
        "4:20",
        'no module that this is about has "config.regoin"',
        "did you mean region?",
    ),
    "function": ("{require: 'nodez(config) > 1'}", "4:20", 'there is no function "nodez"', ""),
    "behind-and": (
        "{require: 'config.region == \"a\" && nodez(config) > 1'}",
        "4:44",
        'there is no function "nodez"',
        "",
    ),
    "in-a-branch": (
        "{require: 'config.region == null ? true : confg.region == 1'}",
        "4:51",
        '"confg" refers to nothing; a string is written in quotes',
        "",
    ),
    "arguments": ("{require: 'length()'}", "4:20", "length() needs 1 argument, 0 given; value is missing", ""),
    "type": ("{require: '1 + 1'}", "4:20", "it must be true or false: bool required, but have number", ""),
    "no-text": (
        "{require: true}",
        "4:19",
        "require must be a text; true is not a text",
        "kslint explain condition shows its parameters",
    ),
}


@pytest.mark.parametrize("name", list(CONDITIONS))
def test_a_condition_is_judged_where_it_is_written(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text, place, message, hint = CONDITIONS[name]
    write(tmp_path, clusters=module(), settings=f"policies:\n- id: own\n  rule: condition\n  with: {text}\n")
    assert kslint(["lint", str(tmp_path)]) == 2
    assert capfd.readouterr().err == f"kslint: .kslint.yaml:{place}: {message}\n" + (f"  {hint}\n" if hint else "")


SKU = "policies:\n- id: own\n  rule: condition\n  where: {{module: {module}}}\n  with: {{require: 'config.sku_tier != \"Free\"'}}\n"


@pytest.mark.parametrize(
    ("module", "mistaken"),
    [
        ("google/cluster", True),
        ("[google/*, aws/*]", True),
        ("azurerm/cluster", False),
        ("'*/cluster'", False),
        ("'*'", False),
        # A module of somebody else may have any attribute.
        ("[google/cluster, modules/own]", False),
        ("[google/cluster, catalog/nginx]", False),
    ],
)
def test_attributes_are_those_of_the_modules_in_where(
    module: str, mistaken: bool, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, settings=SKU.format(module=module))
    assert kslint(["policies", "--check", str(tmp_path)]) == (2 if mistaken else 0)
    said = 'kslint: .kslint.yaml:5:20: no module that this is about has "config.sku_tier"\n'
    assert capfd.readouterr().err == (said if mistaken else "")


def test_the_message_of_a_condition_is_judged_like_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = "policies:\n- id: own\n  rule: condition\n  where: {module: google/cluster}\n  with:\n    require: 'false'\n    message: 'has ${config.sku_tier}'\n"
    write(tmp_path, settings=text)
    assert kslint(["policies", "--check", str(tmp_path)]) == 2
    assert capfd.readouterr().err == 'kslint: .kslint.yaml:7:21: no module that this is about has "config.sku_tier"\n'
