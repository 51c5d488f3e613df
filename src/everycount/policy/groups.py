"""Find the target groups that a clause names, and not those in the names of bodies."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from everycount.model.issue import Cause, Tag
from everycount.policy.clauses import Clause, composed
from everycount.policy.lexicon import Lexicon
from everycount.policy.sexes import paired_sexes
from everycount.policy.terms import Hit

BODY: Final = {
    "en": re.compile(
        r"(?:[A-Z][\w’'-]+ (?:and |of |on |for |the |against )*){0,8}"
        r"(?:Commission|Council|Committee|Ministry|Minister|Bureau|Department|Office|Officers?|"
        r"Ombuds\w*|Union|Caucus|Fund|Policy|Act|Law|Convention|Strategy|Agency|Authority)\b"
        r"(?:(?: and| of| on| for| the| in| charge| against| all| forms| to)* [A-Z][\w’'-]+)*"
    ),
    "fr": re.compile(
        r"\b(?:[Mm]inistère|[Mm]inistre|[Cc]onseil|[Cc]ommission|[Oo]ffice|[Uu]nion|[Ff]onds|"
        r"[Cc]omité|[Oo]bservatoire|[Dd]irection)(?: \w+){0,2} (?:de la |des |du |pour les |de "
        r"l['’])"
        r"(?:[Pp]romotion de la )?(?:[Ff]emmes?|[Ee]nfants?|[Gg]enre|[Ff]amille)(?: et \w+ ?\w+)?"
    ),
    "es": re.compile(
        r"\b(?:[Mm]inisterio|[Ii]nstituto|[Cc]onsejo|[Cc]omisión|[Ff]ondo|[Cc]omité|[Ss]ecretaría|"
        r"[Oo]bservatorio)(?: \w+){0,2} (?:de la|de las|de los|para la|del) "
        r"(?:[Mm]ujer(?:es)?|[Nn]iñez|[Ff]amilia|[Gg]énero)"
    ),
    "vi": re.compile(
        r"[Hh]ội [Ll]iên hiệp [Pp]hụ nữ(?: Việt Nam)?|[Bb]ộ Lao động[\w –-]*|"
        r"[Ủủ]y ban (?:quốc gia )?vì sự tiến bộ của phụ nữ|[Bb]ộ [Gg]iáo dục và [Đđ]ào tạo"
    ),
}
"""Names of bodies and of laws, in which a group is named without being served."""


def find_groups(clause: Clause, lexicon: Lexicon, *, has_figure: bool) -> tuple[Tag, ...]:
    """Return the target groups of a clause: of its text and what leads into it, else its heading.

    Where people are named, institutions are left out, unless a figure counts them: those are
    mostly who is to act.

    Parameters
    ----------
    clause : Clause
        The clause.
    lexicon : Lexicon
        The list of groups.
    has_figure : bool
        Whether the clause sets a figure.

    Returns
    -------
    tuple of Tag
        Each group once, in the order of the text, with all its words. A group named by the words
        of one of its parts is not among them.

    Examples
    --------
    >>> from everycount.model.vocabulary import TargetGroup, Vocabulary
    >>> from everycount.policy.clauses import clause_of
    >>> from everycount.policy.lexicon import lexicon_of
    >>> women = TargetGroup(code="women", title={"en": "Women"}, terms={"en": ("women",)})
    >>> own = Vocabulary(id="own", title={"en": "Own"}, source="Own", groups=(women,))
    >>> clause = clause_of("The Commission on Women shall protect rural women.", "en")
    >>> tag, = find_groups(clause, lexicon_of(own, "en"), has_figure=False)
    >>> tag.causes[0].start
    44
    """
    found: dict[str, list[Cause]] = {}
    for code, cause in _named(clause, lexicon):
        found.setdefault(code, []).append(cause)
    social = {code for code in found if lexicon.dimension(code) == "social"}
    if social and not has_figure:
        found = {
            code: causes
            for code, causes in found.items()
            if lexicon.dimension(code) != "institutional"
        }
    return tuple(Tag(code=code, causes=tuple(causes)) for code, causes in found.items())


def people_in(text: str, lexicon: Lexicon) -> bool:
    """Tell whether a text names a target group other than an institution.

    Parameters
    ----------
    text : str
        A sentence.
    lexicon : Lexicon
        The list of groups.

    Examples
    --------
    >>> from everycount.model.vocabulary import TargetGroup, Vocabulary
    >>> from everycount.policy.lexicon import lexicon_of
    >>> girls = TargetGroup(code="girls", title={"en": "Girls"}, terms={"en": ("girls",)})
    >>> own = Vocabulary(id="own", title={"en": "Own"}, source="Own", groups=(girls,))
    >>> lexicon = lexicon_of(own, "en")
    >>> people_in("Schools for girls", lexicon), people_in("Schools", lexicon)
    (True, False)
    """
    return any(lexicon.dimension(hit.code) != "institutional" for hit in group_hits(text, lexicon))


def group_hits(text: str, lexicon: Lexicon) -> tuple[Hit, ...]:
    """Return where a text names target groups, the names of bodies left out.

    Where it names both sexes side by side by their adjectives, as in `male and female members`,
    each is the group that its noun would be.

    Parameters
    ----------
    text : str
        A text in Unicode NFC.
    lexicon : Lexicon
        The list of groups.

    Examples
    --------
    >>> from everycount.model.vocabulary import TargetGroup, Vocabulary
    >>> from everycount.policy.lexicon import lexicon_of
    >>> women = TargetGroup(code="women", title={"en": "Women"}, terms={"en": ("women",)})
    >>> own = Vocabulary(id="own", title={"en": "Own"}, source="Own", groups=(women,))
    >>> len(group_hits("The Bureau of Women and all women", lexicon_of(own, "en")))
    1
    """
    names = [match.span() for match in BODY[lexicon.language].finditer(text)] if text else []
    hits = [*lexicon.find_groups(text), *_sexes(text, lexicon)]
    hits = [hit for hit in hits if not _is_within(hit, names)]
    return tuple(sorted(hits, key=lambda hit: hit.start))


def _sexes(text: str, lexicon: Lexicon) -> Iterator[Hit]:
    for noun, start, end in paired_sexes(text, lexicon.language):
        for hit in lexicon.find_groups(noun):
            yield replace(hit, start=start, end=end)


def _is_within(hit: Hit, names: Sequence[tuple[int, int]]) -> bool:
    return any(start <= hit.start and hit.end <= end for start, end in names)


def _named(clause: Clause, lexicon: Lexicon) -> Iterator[tuple[str, Cause]]:
    """Yield groups with their words: of the text and what leads into it, else of the heading."""
    place: Clause | None = clause
    is_found = False
    while place:
        for hit in group_hits(place.text, lexicon):
            is_found = True
            yield hit.code, place.cause(hit.start, hit.end)
        place = place.lead
    heading, _ = composed(clause.passage.heading)
    for hit in () if is_found else group_hits(heading, lexicon):
        yield hit.code, clause.heading_cause(hit.start, hit.end)
