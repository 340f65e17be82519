"""Words in cells and the codes they stand for. Codes are those of the command-line contract.

The words stand in `vocabulary/words.txt`.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from townshipdesk.domain.idnumber import DISABILITY_KINDS, DocumentKind
from townshipdesk.domain.names import clean_text
from townshipdesk.sheets.cells import half_width
from townshipdesk.sheets.vocabulary import vocabulary

_SIGNS: Final = re.compile(r"[\s“”\"'()（）《》\[\]·]+")


def word_key(text: str) -> str:
    """Give what two spellings of a word have in common."""
    return _SIGNS.sub("", half_width(clean_text(text))).casefold()


def _words(section: str) -> dict[str, str]:
    """Give word key -> code for a section of the vocabulary; a code means itself."""
    return {
        word_key(word): code
        for code, words in vocabulary("words", section)
        for word in (code, *words)
    }


_IDENTITIES: Final = _words("identities")

IDENTITY_CODES: Final = frozenset(_IDENTITIES.values()) - {"severe", "none"}
"""Every identity code there is, the same in every policy, import and export."""

_DISABILITY_WORDS: Final = (
    ("visual", ("视力", "视觉", "盲")),
    ("hearing", ("听力", "听觉", "聋")),
    ("speech", ("言语", "语言")),
    ("physical", ("肢体",)),
    ("intellectual", ("智力",)),
    ("mental", ("精神",)),
    ("multiple", ("多重", "综合")),
)
_GRADE: Final = re.compile(r"([1-4一二三四ⅠⅡⅢⅣ壹贰叁肆])级|^([1-4一二三四ⅠⅡⅢⅣ壹贰叁肆])等?$")
_GRADES: Final = {
    c: n for n, cs in enumerate(("1一Ⅰ壹", "2二Ⅱ贰", "3三Ⅲ叁", "4四Ⅳ肆"), 1) for c in cs
}
_BETWEEN: Final = re.compile(r"[、,，;；/\\|+＋&和及 ]+")


class IdentityWords(NamedTuple):
    """What the words of one cell say: identity codes, and kind and grade of a disability.

    `severe` says that only 重度 is told, which is grade 1 or 2.
    """

    codes: tuple[str, ...]
    disability_kind: str = ""
    disability_grade: int | None = None
    severe: bool = False


def disability_kind(text: str) -> str:
    """Give the code of a kind of disability: 肢体, 4, 肢体残疾. "" where the words are unknown."""
    key = word_key(text)
    if re.fullmatch(r"0?[1-7](?:\.0+)?", key, re.ASCII):
        return DISABILITY_KINDS[int(key.lstrip("0")[0]) - 1]
    if key in DISABILITY_KINDS:
        return key
    found = {code for code, words in _DISABILITY_WORDS if any(word in key for word in words)}
    return found.pop() if len(found) == 1 else ("multiple" if "multiple" in found else "")


def disability_grade(text: str) -> int | None:
    """Give a grade of disability, 1 to 4: 一级, 1, 二级残疾. None where it is not told."""
    found = _GRADE.search(word_key(text).removesuffix(".0"))
    return None if found is None else _GRADES[found[1] or found[2]]


def identities(text: str) -> IdentityWords | None:
    """Give the identities a cell names; None where a word is unknown or means several things.

    监测对象 alone is unknown: it may be any of three identities with different subsidies.
    """
    key = word_key(text)
    if key in _IDENTITIES:
        return _one(key)
    parts = [word_key(part) for part in _BETWEEN.split(half_width(clean_text(text)))]
    found = [_one(part) for part in parts if part]
    told = [words for words in found if words is not None]
    if not told or len(told) != len(found):
        return None
    codes = tuple(dict.fromkeys(code for words in told for code in words.codes))
    kinds = [words.disability_kind for words in told if words.disability_kind]
    grades = [w.disability_grade for w in told if w.disability_grade is not None]
    return IdentityWords(
        codes,
        kinds[0] if kinds else "",
        grades[0] if grades else None,
        any(words.severe for words in told),
    )


def _one(key: str) -> IdentityWords | None:
    code = _IDENTITIES.get(key)
    if code == "severe":
        return IdentityWords(("disability",), severe=True)
    if code is not None:
        return IdentityWords(() if code == "none" else (code,))
    grade, kind = disability_grade(key), disability_kind(key)
    if ("残" in key and (grade or kind)) or (grade and kind):
        return IdentityWords(("disability",), kind, grade, "重度" in key or "重残" in key)
    return None


def identity_word(code: str) -> str:
    """Give the usual word for an identity's code."""
    return next(words[0] for known, words in vocabulary("words", "identities") if known == code)


def identity_in_title(title: str) -> IdentityWords | None:
    """Give the one identity a title names (特困人员资助参保清册); None for none or many."""
    key = word_key(title)
    found: dict[str, str] = {}
    for word, code in sorted(_IDENTITIES.items(), key=lambda item: -len(item[0])):
        if len(word) >= 2 and code != "none" and word in key and not word.isascii():
            key = key.replace(word, " ")
            found[code] = word
    return _one(next(iter(found.values()))) if len(found) == 1 else None


_QUESTION: Final = re.compile(r"是否(?:属于|纳入|享受|为|是)?")
_ASKED: Final = re.compile(r"(?:是/否|是否|打√|填是或否|是或否|标识|标志|身份)+$")


def is_question(heading: str) -> bool:
    """Tell whether a heading asks for yes or no: 是否低保."""
    return _QUESTION.match(word_key(heading)) is not None


def flag_of(heading: str) -> IdentityWords | None:
    """Give the one identity a column asks for (是否低保, 特困), None for any other heading."""
    key = word_key(heading)
    asked = _ASKED.sub("", _QUESTION.sub("", key, count=1))
    found = _one(asked) if is_question(heading) or asked in _IDENTITIES else None
    return found if found is not None and found.codes else None


def flagged(text: str, flag: IdentityWords) -> IdentityWords | bool | None:
    """Give what stands under such a heading: yes, no, or None for what is neither.

    The identity's own words mean yes, and may tell more: 肢体二级 under 残疾.
    """
    if not text:
        return False
    said = yes_no(text)
    named = identities(text) if said is None else None
    return named if named is not None and named.codes == flag.codes else said


_DOCUMENTS: Final = _words("documents")

_CHANNELS: Final = _words("channels")
_PAYMENT_STATES: Final = _words("payment-states")

_SOURCES: Final = _words("sources")

_CALL_REASONS: Final = _words("call-reasons")

_REGISTERED: Final = _words("registered")
_SEXES: Final = _words("sex")
_YES_NO: Final = _words("yes-no")
_RELATIONS: Final = _words("relations")
_HEADS: Final = frozenset({"户主", "本人"})


def document_kind(text: str) -> DocumentKind | None:
    """Give the kind of document a word or national code means; None for an unknown word."""
    code = _DOCUMENTS.get(word_key(text).removesuffix(".0"))
    return None if code is None else DocumentKind(code)


def channel(text: str) -> str:
    """Give the code of a channel of payment, "" for an unknown word."""
    return _CHANNELS.get(word_key(text), "")


def payment_state(text: str) -> str:
    """Give "cancelled" for the words a bureau has for that, "" for any other."""
    return _PAYMENT_STATES.get(word_key(text), "")


def source(text: str) -> str:
    """Give the code of a source of subsidy, "" for an unknown word."""
    return _SOURCES.get(word_key(text), "")


def call_reason(text: str) -> str:
    """Give the code of a reason for not being enrolled, "" for an unknown word."""
    return _CALL_REASONS.get(word_key(text), "")


def relation(text: str) -> str:
    """Give a relation to the head as a word; codes of GB/T 4761 become words, the rest stays."""
    return _RELATIONS.get(word_key(text).removesuffix(".0").rjust(2, "0"), text)


def is_head(relation_word: str) -> bool:
    """Tell whether a relation means the head of the household."""
    return relation(relation_word) in _HEADS


def registered(text: str) -> str:
    """Give where somebody is registered (here, county, city, elsewhere), "" where not told."""
    return _REGISTERED.get(word_key(text), "")


def sex(text: str) -> str:
    """Give male or female, "" where not told."""
    return _SEXES.get(word_key(text).removesuffix(".0"), "")


def yes_no(text: str) -> bool | None:
    """Give what 是, 否, 有, 无 and their like say; None where they say nothing."""
    said = _YES_NO.get(word_key(text).removesuffix(".0"))
    return None if said is None else said == "yes"
