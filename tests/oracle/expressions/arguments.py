"""Arguments for every function: what people would write, and what its edge cases need."""

from __future__ import annotations

from random import Random

from kubestack_lint.values.functions import functions
from kubestack_lint.values.functions.signature import Function
from kubestack_lint.values.types import BOOL, DYNAMIC, NUMBER, STRING, Type, list_of, map_of, set_of

# A slot is a type, or the name of a pool of texts.
Slot = Type | str

POOLS: dict[str, tuple[str, ...]] = {
    "cidr": (
        '"10.0.0.0/8"', '"10.1.0.0/16"', '"192.168.1.77/24"', '"0.0.0.0/0"', '"fd00::/48"', '"::/0"', '"10.0.0.0/32"',
        '"10.0.0.1"', '"300.0.0.0/8"', '"10.0.0.0/33"', '"fe80::1/64"', '"2001:db8::/127"', '"010.0.0.0/8"', '"10.0.0.0/08"',
    ),
    "small": ("0", "1", "2", "3", "4", "8", "16", "-1", "-2", "1.5", "33", '"2"', "64", "255", "256"),
    "count": ("0", "1", "2", "3", "5", "-1", "-3", "1.5", '"2"', "1e3", "10"),
    "base": ("2", "8", "10", "16", "36", "62", "1", "63", "2.5"),
    "digits": ('"ff"', '"101"', '"-7F"', '"zZ"', '"+5"', '""', '"0x1f"', '"1_000"', "10", '"9.5"', "true"),
    "pattern": (
        '"[a-z]+"', '"(\\\\d+)-(\\\\w+)"', '"(?P<year>\\\\d{4})-(?P<month>\\\\d\\\\d)"', '"^$"', '"a|b"', '"(a)|(b)"', '"(?i)HELLO"',
        '"."', '"(?s).*"', '"[[:alpha:]]"', '"\\\\pL"', '"(a"', '"(?=x)"', '"a{2,1}"', '"x*"', '"(?m)^l"', '"\\\\bo"', '"(?P<a>.)(.)"',
        '"[^,]*,?"', '"(?U)a+"', '"\\\\x41"', '"\\\\Qa.b\\\\E"',
    ),
    "subject": (
        '"2024-05-17"', '"42-abc"', '"hello world"', '"aaa"', '""', '"a.b"', '"Hello\\nlines\\n"', '"éa"', '"x,y,,z"', '"AbC"', '"a,b"',
    ),
    "slashed": ('"/[aeiou]/"', '"a"', '""', '"/(h)(e)/"', '"/"', '"//"', '"l"', '"/(?P<x>o)/"', '"/$/"', '"/^/"', '"."'),
    "template": ('"<$1>"', '"$${1}x"', '"$x"', '""', '"$$$$"', '"$2$1"', '"-"', '"$10"'),
    "format": (
        '"%s"', '"%d"', '"%v"', '"%#v"', '"%5.2f|"', '"%-8s|"', '"%08.3f"', '"%x"', '"%X"', '"%q"', '"%t"', '"%%"', '"%s-%s"', '"%[2]s%[1]s"',
        '"%e"', '"%g"', '"%b"', '"%o"', '"%+d"', '"% d"', '"%*d"', '"%!"', '"%"', '"%z"', '"plain"', '"%#x"', '"%c"', '"%5v"', '"%[3]s"',
        '"%.1s"', '"%5q"', '"%#o"', '"%#b"', '"%E"', '"%G"', '"%f"', '"%.0f"', '"%x %X"', '"%10.3e"', '"%-5t|"', '"%05d"', '"%+.2g"',
    ),
    "time": (
        '"2024-05-17T13:04:05Z"', '"2024-02-29T23:59:59+02:00"', '"1999-12-31T00:00:00-05:30"', '"2024-05-17"', '"2023-02-29T00:00:00Z"',
        '"2024-05-17T13:04:05.123456789Z"', '"2024-05-17t13:04:05z"', '"2024-13-01T00:00:00Z"', '"0001-01-01T00:00:00Z"',
    ),
    "dateformat": (
        '"YYYY-MM-DD"', '"DD MMM YYYY hh:mm ZZZ"', '"EEEE, DD-MMM-YY hh:mm:ss ZZZ"', '"h:mmaa"', '"HH AA"', '"D M YY E"', '"\'at\' hh"', '"ZZZZZ ZZZZ Z"',
        '"yyyy"', '"\'open"', '""', '"s m h H"', '"MMMM EEE"', '"\'it\'\'s\'"', '"YYYYY"',
    ),
    "duration": ('"1h"', '"-30m"', '"1h30m5.5s"', '"0"', '"1d"', '"500ms"', '"2us3ns"', '""', '"-1.5h"', '".5s"', '"+1s"', '"1"', '"8760h"'),
    "json": (
        '"{\\"a\\": [1, 2.50, null], \\"b\\": {\\"c\\": true}}"', '"[1, \\"x\\", [true]]"', '"\\"text\\""', '"12e2"', '"null"', '"{"', '""', '"[1,]"',
        '"{\\"a\\":1,\\"a\\":\\"x\\"}"', '" true "', '"\\"\\\\u00e9\\\\ud83d\\\\ude00\\""', '"01"', '"1 2"', 'file("data.json")', '"123456789012345678901234567890.5"',
    ),
    "yaml": (
        '"a: 1\\nb: [x, 2.5, ~]\\n"', '"- 1\\n- yes\\n- 0x1F\\n- 0o17\\n"', '"text"', '"12"', '""', '"a: &x 1\\nb: *x\\n"', '"a: [1"', '"? 1\\n: 2\\n"', '"1: a\\n"',
        '"a: |\\n  x\\n  y\\nb: >-\\n  p\\n  q\\n"', '"2024-01-02"', '"a: b: c"', '"---\\na: 1\\n"', '"a: 1\\n---\\nb: 2\\n"', 'file("data.yaml")', '"!!str 12"',
        '"{a: .inf}"', '"<<: {a: 1}\\nb: 2\\n"', '"a: 1\\na: 2\\n"', '"1_000"', '"0b11"', '"1:30"', '"~"', '"on"', '"\'x\'\'y\'"', '"[1, [2, {a: 3}]]"', '"!!binary aGk="',
    ),
    "csv": ('"a,b\\n1,2\\n"', '"a,b\\n1\\n"', '"a\\n\\"x\\"\\"y\\"\\n"', '"a,a\\n1,2"', '""', '"a,b"', '"a,b\\r\\n1,2\\r\\n"', '"a\\nx\\"y\\n"', 'file("data.csv")', '"a\\n\\n1\\n"', '" a ,b\\n 1, 2"'),
    "base64": ('"aGVsbG8="', '"aGVsbG8"', '""', '"/+8="', '"w6k="', '"####"', '"aGVs\\nbG8="', '"AAAA"'),
    "encoding": ('"UTF-8"', '"utf-16le"', '"UTF-16BE"', '"ISO-8859-1"', '"Windows-1252"', '"US-ASCII"', '"Shift_JIS"', '"bogus"', '"UTF-16"'),
    "path": (
        '"plain.txt"', '"empty.txt"', '"missing.txt"', '"nested/deep.txt"', '"./plain.txt"', '"nested"', '"${path.module}/data.json"', '"nested/../plain.txt"',
        '""', '"/"', '"a/b/"', '"~/x"', '"a//b/../c"', '"data.yaml"', '"."', '".."',
    ),
    "glob": ('"*"', '"*.txt"', '"**"', '"**/*.txt"', '"data.{json,csv}"', '"[a-e]*"', '"nested/*"', '"?lain.txt"', '"["', '"none*"', '"*/"'),
    "uuid": ('"dns"', '"url"', '"oid"', '"x500"', '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"', '"bogus"', '""'),
    "power": ("0", "1", "2", "3", "0.5", "-1", "-2", "10", "64", "100", "1.5"),
    "value": ("0", "1", "2", "4", "10", "100", "0.5", "-8", "27", "1e6", "-0.5", "2.7"),
    "vars": ('{ name = "A", items = ["x", "y"] }', "{ name = local.u_string, items = [] }", '{ name = "A" }', "{ name = 1, items = local.zones, more = null }", "{}", "local.u", "tomap({ name = \"m\" })"),
    "tftext": ("local.text", "var.tpl", "local.server.name", "var.loop", "local.u_string", '"x"'),
    "type": ("string", "number", "bool", "any", "list(string)", "map(any)", "set(number)", "object({ a = string, b = optional(number, 1) })", "tuple([string, bool])", "list(any)", "map(list(string))", "object({})", '"string"', "local.one"),
    "rsa": ('"x"',),
}
N, S, B, ANY = NUMBER, STRING, BOOL, DYNAMIC
STRINGS, NUMBERS = list_of(STRING), list_of(NUMBER)
TABLE: dict[str, tuple[Slot, ...]] = {
    "base64decode": ("base64",), "base64gzip": (S,), "chunklist": ("sequence", "count"),
    "cidrhost": ("cidr", "small"), "cidrnetmask": ("cidr",), "cidrsubnet": ("cidr", "small", "small"),
    "cidrsubnets": ("cidr", "small", "small", "small"), "coalesce": (S, S, S), "coalescelist": ("sequence", "sequence"),
    "concat": ("sequence", "sequence"), "contains": ("sequence", S), "csvdecode": ("csv",), "distinct": ("sequence",),
    "element": ("sequence", "count"), "file": ("path",), "filebase64": ("path",), "filebase64sha256": ("path",),
    "filebase64sha512": ("path",), "fileexists": ("path",), "filemd5": ("path",), "fileset": ("path", "glob"),
    "filesha1": ("path",), "filesha256": ("path",), "filesha512": ("path",), "flatten": ("nested",),
    "format": ("format", "scalar", "scalar"), "formatdate": ("dateformat", "time"), "formatlist": ("format", STRINGS, "scalar"),
    "indent": ("count", "subject"), "index": ("sequence", S), "jsondecode": ("json",), "keys": ("mapping",),
    "length": ("sequence",), "log": ("value", "value"), "lookup": ("mapping", S, "scalar"), "matchkeys": (STRINGS, STRINGS, STRINGS),
    "merge": ("mapping", "mapping"), "one": ("sequence",), "parseint": ("digits", "base"), "pow": ("value", "power"),
    "range": ("count", "count", "count"), "regex": ("pattern", "subject"), "regexall": ("pattern", "subject"),
    "replace": ("subject", "slashed", "template"), "reverse": ("sequence",), "rsadecrypt": ("base64", "rsa"),
    "setintersection": (set_of(S), set_of(S)), "setproduct": (set_of(S), "sequence"), "setsubtract": (set_of(S), set_of(S)),
    "setunion": (set_of(S), set_of(N)), "slice": ("sequence", "count", "count"), "substr": ("subject", "count", "count"),
    "sum": (NUMBERS,), "templatefile": ("template_path", "vars"), "templatestring": ("tftext", "vars"),
    "textdecodebase64": ("base64", "encoding"), "textencodebase64": ("subject", "encoding"), "timeadd": ("time", "duration"),
    "timecmp": ("time", "time"), "tobool": ("scalar",), "tolist": ("sequence",), "tomap": ("mapping",), "tonumber": ("scalar",),
    "toset": ("sequence",), "tostring": ("scalar",), "transpose": (map_of(STRINGS),), "uuidv5": ("uuid", "subject"),
    "values": ("mapping",), "yamldecode": ("yaml",), "zipmap": (STRINGS, "sequence"), "abspath": ("path",), "basename": ("path",),
    "dirname": ("path",), "pathexpand": ("path",), "split": ("comma", "subject"), "join": ("comma", STRINGS), "trim": ("subject", "comma"),
    "trimprefix": ("subject", "comma"), "trimsuffix": ("subject", "comma"), "startswith": ("subject", "comma"),
    "endswith": ("subject", "comma"), "strcontains": ("subject", "comma"), "title": ("subject",), "urlencode": ("subject",),
    "strrev": ("subject",), "chomp": ("subject",), "trimspace": ("subject",), "sort": (STRINGS,), "convert": ("scalar", "type"),
    "try": (ANY, ANY), "can": (ANY,), "issensitive": (ANY,), "nonsensitive": ("secret",), "sensitive": (ANY,),
    "list": (S,), "map": (S, S), "timestamp": (), "uuid": (), "bcrypt": (S,),
}
POOLS["comma"] = ('","', '"a"', '""', '"l"', '"h"', '" "', '"\\n"', '"ab"', '"é"')
POOLS["template_path"] = ('"greeting.tftpl"', '"plain.txt"', '"missing.tftpl"', "local.u_string")
POOLS["secret"] = ("local.secret", "sensitive(1)", "local.secrets", "var.v1", "sensitive([1, local.u])", '"x"')

# What the templates of `templatestring` read; every environment has them.
VARIABLES = """
variable "tpl" {
  default = "Hi $${name}!"
}

variable "loop" {
  default = "%%{ for i in items }[$${i}]%%{ endfor }"
}
"""

FORMS = ("try", "can", "issensitive", "nonsensitive", "templatestring", "convert")
# Terraform knows it in the plan, kslint never.
LEFT_OUT = ("plantimestamp",)


def callable_names() -> tuple[str, ...]:
    """Every function and form."""
    return tuple(sorted({*functions(), *FORMS} - {*LEFT_OUT}))


def slots(name: str, rng: Random) -> tuple[Slot, ...]:
    """What to give to a function; variadic ones get a varying number."""
    found = functions().get(name)
    chosen = TABLE.get(name) or (_from_signature(found) if found else ())
    variadic = (found is not None and found.variadic is not None) or name == "try"
    if variadic and chosen:
        return _varied(chosen, len(found.parameters) if found else 1, rng)
    if rng.random() < 0.02:
        return chosen[:-1] if rng.random() < 0.5 else (*chosen, ANY)
    return chosen


def _varied(chosen: tuple[Slot, ...], least: int, rng: Random) -> tuple[Slot, ...]:
    count = rng.choice((least, *range(least, len(chosen) + 1), len(chosen), len(chosen) + 1))
    return tuple(chosen[min(index, len(chosen) - 1)] for index in range(count))


def _from_signature(found: Function) -> tuple[Slot, ...]:
    fixed: tuple[Slot, ...] = tuple(parameter.type for parameter in found.parameters)
    return fixed if found.variadic is None else (*fixed, found.variadic.type, found.variadic.type)
