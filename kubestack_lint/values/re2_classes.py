"""Sets of characters in regular expressions: ranges, named classes, letter case."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from kubestack_lint.values.letters import variants

Predicate = Callable[[str], bool]


class PatternError(Exception):
    """Terraform refuses this pattern."""


class Unsupported(Exception):
    """kslint cannot decide what this pattern matches."""


@dataclass(slots=True)
class CharacterClass:
    """A set of characters; with `folded` the members' other cases belong to it."""

    folded: bool = False
    negated: bool = False
    ranges: list[tuple[str, str]] = field(default_factory=list)
    named: list[tuple[Predicate, bool]] = field(default_factory=list)
    known: dict[str, bool] = field(default_factory=dict)

    def __contains__(self, character: str) -> bool:
        found = self.known.get(character)
        if found is None:
            found = self.known[character] = self._has(character) != self.negated
        return found

    def _has(self, character: str) -> bool:
        cases = variants(character) if self.folded else (character,)
        if any(first <= case <= last for first, last in self.ranges for case in cases):
            return True
        return any(any(map(predicate, cases)) == positive for predicate, positive in self.named)


def _ascii(*ranges: str) -> Predicate:
    members = frozenset(chr(code) for pair in ranges for code in range(ord(pair[0]), ord(pair[1]) + 1))
    return members.__contains__


_DIGIT = _ascii("09")
_WORD = _ascii("09", "AZ", "az", "__")
PERL: dict[str, Predicate] = {"d": _DIGIT, "s": frozenset("\t\n\f\r ").__contains__, "w": _WORD}

POSIX: dict[str, Predicate] = {
    "alnum": _ascii("09", "AZ", "az"),
    "alpha": _ascii("AZ", "az"),
    "ascii": _ascii("\x00\x7f"),
    "blank": frozenset("\t ").__contains__,
    "cntrl": _ascii("\x00\x1f", "\x7f\x7f"),
    "digit": _DIGIT,
    "graph": _ascii("!~"),
    "lower": _ascii("az"),
    "print": _ascii(" ~"),
    "punct": _ascii("!/", ":@", "[`", "{~"),
    "space": frozenset("\t\n\v\f\r ").__contains__,
    "upper": _ascii("AZ"),
    "word": _WORD,
    "xdigit": _ascii("09", "AF", "af"),
}

# Long names of the categories, without underscores.
_ALIASES = {
    "letter": "L", "casedletter": "LC", "uppercaseletter": "Lu", "lowercaseletter": "Ll", "titlecaseletter": "Lt",
    "modifierletter": "Lm", "otherletter": "Lo", "mark": "M", "combiningmark": "M", "nonspacingmark": "Mn",
    "spacingmark": "Mc", "enclosingmark": "Me", "number": "N", "decimalnumber": "Nd", "digit": "Nd",
    "letternumber": "Nl", "othernumber": "No", "punctuation": "P", "punct": "P", "connectorpunctuation": "Pc",
    "dashpunctuation": "Pd", "openpunctuation": "Ps", "closepunctuation": "Pe", "initialpunctuation": "Pi",
    "finalpunctuation": "Pf", "otherpunctuation": "Po", "symbol": "S", "mathsymbol": "Sm", "currencysymbol": "Sc",
    "modifiersymbol": "Sk", "othersymbol": "So", "separator": "Z", "spaceseparator": "Zs", "lineseparator": "Zl",
    "paragraphseparator": "Zp", "other": "C", "control": "Cc", "cntrl": "Cc", "format": "Cf", "surrogate": "Cs",
    "privateuse": "Co", "unassigned": "Cn",
}  # fmt: skip
_CATEGORIES = {name.lower(): name for name in _ALIASES.values()} | _ALIASES

# unicodedata has no scripts, so patterns that use them stay undecided.
_SCRIPTS = """
    adlam ahom anatolianhieroglyphs arabic armenian avestan balinese bamum bassavah batak bengali bhaiksuki bopomofo
    brahmi braille buginese buhid canadianaboriginal carian caucasianalbanian chakma cham cherokee chorasmian common
    coptic cuneiform cypriot cyprominoan cyrillic deseret devanagari divesakuru dogra duployan egyptianhieroglyphs
    elbasan elymaic ethiopic georgian glagolitic gothic grantha greek gujarati gunjalagondi gurmukhi han hangul
    hanifirohingya hanunoo hatran hebrew hiragana imperialaramaic inherited inscriptionalpahlavi inscriptionalparthian
    javanese kaithi kannada katakana kawi kayahli kharoshthi khitansmallscript khmer khojki khudawadi lao latin lepcha
    limbu lineara linearb lisu lycian lydian mahajani makasar malayalam mandaic manichaean marchen masaramgondi
    medefaidrin meeteimayek mendekikakui meroiticcursive meroitichieroglyphs miao modi mongolian mro multani myanmar
    nabataean nagmundari nandinagari newa newtailue nko nushu nyiakengpuachuehmong ogham olchiki oldhungarian olditalic
    oldnortharabian oldpermic oldpersian oldsogdian oldsoutharabian oldturkic olduyghur oriya osage osmanya
    pahawhhmong palmyrene paucinhau phagspa phoenician psalterpahlavi rejang runic samaritan saurashtra sharada shavian
    siddham signwriting sinhala sogdian sorasompeng soyombo sundanese sylotinagri syriac tagalog tagbanwa taile taitham
    taiviet takri tamil tangsa tangut telugu thaana thai tibetan tifinagh tirhuta toto ugaritic vai vithkuqi wancho
    warangciti yezidi yi zanabazarsquare
"""


def _undecided(script: str) -> bool:
    raise Unsupported(f"kslint does not know which characters the script {script} has")


def unicode_class(name: str) -> Predicate:
    r"""The characters of `\p{name}`: a category or one of a few sets."""
    key = name.replace("_", "").replace("-", "").replace(" ", "").lower()
    if key == "any":
        return lambda character: True
    if key == "ascii":
        return str.isascii
    if key == "assigned":
        return lambda character: unicodedata.category(character) != "Cn"
    category = _CATEGORIES.get(key)
    if category == "LC":
        return lambda character: unicodedata.category(character) in ("Lu", "Ll", "Lt")
    if category is not None:
        return lambda character: unicodedata.category(character).startswith(category)
    if key in _SCRIPTS.split():
        return lambda character: _undecided(name)
    raise PatternError(f"there is no class of characters {name!r}")
