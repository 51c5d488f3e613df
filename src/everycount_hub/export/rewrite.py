"""A page of the hub as a page of a copy: links to files, and nothing that asks a server."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from everycount_hub.export.ask import Answer, Order, links_in, own_starts
from everycount_hub.export.places import Target, file_of, link_to, target_of
from everycount_hub.export.tags import Tag, tags_of

MAIN = '<main id="main"><div class="wrap">'
QUESTION = 'name="q"'
"""What a form has that asks for words: in a copy, search answers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is in the copy."""

    answers: Mapping[str, Answer]
    order: Order

    def end_of(self, path: str) -> str:
        """Return the path to which one leads at last."""
        seen = set()
        while path not in seen and path in self.answers and self.answers[path].moved_to:
            seen.add(path)
            path = self.answers[path].moved_to
        return path


def rewritten(text: str, path: str, known: Known) -> str:
    """Return a page with all its links made fit for a folder.

    Parameters
    ----------
    text : str
        The page as the hub shows it.
    path : str
        Its path on the hub.
    known : Known
    """
    parts, at, placed = [], 0, set[str]()
    for tag in tags_of(text):
        changed = _changed(tag, text, path, known, placed)
        if changed is not None:
            parts += [text[at : tag.start], changed]
            at = tag.end
    page = "".join([*parts, text[at:]])
    language = path.split("/")[1]
    return page.replace(MAIN, MAIN + note(language, known.order.edition), 1)


@cache
def note(language: str, edition: str) -> str:
    """Return what a page of a copy says of itself."""
    with translation.override(language):
        says = _(
            "A copy of the site, edition {edition}. Search, charts and files work without a "
            "network. What asks the server does not: other choices of areas, years and "
            "breakdowns, narrowing of lists, weights of your own, signing in and the interface "
            "for programs."
        ).format(edition=edition[:12])
    return f'<p class="small muted no-print">{escape(says)}</p>'


def _changed(tag: Tag, text: str, path: str, known: Known, placed: set[str]) -> str | None:
    """Return a tag as it is in the copy; None if it stays."""
    if tag.name == "html":
        return _with(tag, {"data-copy": ""})
    if tag.name == "form":
        return _form(tag, text, path, known)
    targets = links_in(tag.attributes, path)
    if not targets:
        return None
    made = dict(tag.attributes)
    for name, target in targets.items():
        _lead(made, name, target, path=path, known=known, placed=placed)
    if tag.name == "link" and "href" not in made:
        return ""
    return _with(tag, made, alone=True)


def _lead(
    made: dict[str, str | None],
    name: str,
    target: Target,
    *,
    path: str,
    known: Known,
    placed: set[str],
) -> None:
    """Let one attribute lead into the copy, or nowhere."""
    end = known.end_of(target.path)
    answer = known.answers.get(end)
    if answer is None or not known.order.wants(end):
        made.pop(name, None)
        return
    fragment = target.fragment
    if target.query and end == path and not fragment:
        area = target.area
        if not area:
            # Another choice on this page, which a server would have to make.
            made.pop(name, None)
            return
        if f"area-{area}" not in placed and "id" not in made:
            placed.add(f"area-{area}")
            made["id"] = f"area-{area}"
        profile = f"/{path.split('/')[1]}/areas/{area}/"
        end = profile if profile in known.answers else path
    elif target.query and not fragment and target.area in answer.areas:
        fragment = f"area-{target.area}"
    if not target.query and not fragment and end == path and name == "href":
        fragment = ""
    made[name] = link_to(file_of(end), file_of(path), fragment)


def _form(tag: Tag, text: str, path: str, known: Known) -> str | None:
    """Let search answer a form for words, and hide one that a server would have to answer."""
    action = tag.attributes.get("action") or ""
    if action.startswith("#"):
        return None
    language = path.split("/")[1]
    search, index = f"/{language}/search/", f"/{language}/search/index.js"
    body = text[tag.end : text.find("</form>", tag.end)]
    if QUESTION in body and search in known.answers:
        here = file_of(path)
        made = {
            "action": link_to(file_of(search), here),
            "data-search": link_to(file_of(index), here),
        }
        return _with(tag, made)
    return _with(tag, {"hidden": None, "action": "#"})


def _with(tag: Tag, made: Mapping[str, str | None], *, alone: bool = False) -> str:
    attributes = dict(made) if alone else {**tag.attributes, **made}
    return Tag(start=0, end=0, name=tag.name, attributes=attributes).text()


def faults_in(text: str, file: str, ids: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the links of a page of the copy that lead to no file or place of it.

    Parameters
    ----------
    text : str
    file : str
        Of the page, below the folder of the copy.
    ids : mapping
        Places in each file of the copy; none in what is no page.
    """
    missed = []
    for tag in tags_of(text):
        for name in ("href", "src", "action", "data-search"):
            link = tag.attributes.get(name)
            target = target_of(link, f"/{file}", own_starts()) if link else None
            if link is None or target is None:
                continue
            there = target.path.lstrip("/")
            is_there = not link.startswith("/") and there in ids
            if not is_there or (target.fragment and target.fragment not in ids[there]):
                missed.append(link)
    return missed
