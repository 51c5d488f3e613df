"""Write the report of a policy review as a Word file, with every row of its tables."""

from everycount.reports.policy_page import (
    Advice,
    ClauseCard,
    IssueCard,
    LinkCard,
    Part,
    Piece,
    PolicyPage,
)
from everycount.reports.policy_places import plain
from everycount.reports.policy_word_parts import WordFile
from everycount.reports.policy_word_sections import write_facts, write_head, write_reports


def policy_word(page: PolicyPage) -> bytes:
    """Return the report of a review as a Word file.

    Headings, lists and tables are real ones; heads of tables are printed again on each page, and
    wide tables stand on pages turned sideways. Nothing is cut.

    Parameters
    ----------
    page : PolicyPage
        What to show, from `everycount.reports.policy_report.policy_report`.

    Returns
    -------
    bytes
        The file (.docx). The same page gives the same bytes.

    Raises
    ------
    ValueError
        If a text has characters that XML forbids, which those of `policy_report` never have.

    Examples
    --------
    >>> page = PolicyPage(title="Law on Gender Equality", finding="Nobody has accepted an issue.")
    >>> policy_word(page)[:2]
    b'PK'
    """
    file = WordFile(page.title, page.language)
    write_head(file, page)
    if page.gaps:
        write_reports(file, page, "Gaps")
    if page.advice:
        _advice(file, page.advice)
    if page.clauses:
        file.heading("Clauses and their issues", 1)
        file.paragraph(plain(page.clauses_note))
        for clause in page.clauses:
            _clause(file, clause)
    _part(file, "Priorities and plan", page.plan)
    _part(file, "Sources and production cycle", page.sources)
    _part(file, "Validation", page.validation)
    if page.provenance:
        file.heading("Provenance", 1)
        write_facts(file, page.provenance)
    return file.content()


def _advice(file: WordFile, advice: Advice) -> None:
    """Write what could be changed, for each side."""
    file.heading("What could be changed", 1)
    file.paragraph(plain(advice.finding))
    for title, grounds in advice.sides:
        file.heading(title, 2)
        for each in grounds:
            file.paragraph((each.ground,), label="From")
            for words, about in each.rows:
                more = f" ({about})" if about else ""
                file.paragraph(plain(words + more), style="ListBullet")
        if not grounds:
            file.paragraph(plain("Nothing follows from the gaps."))
    for note in advice.notes:
        file.paragraph(plain(note))


def _clause(file: WordFile, clause: ClauseCard) -> None:
    """Write a clause with its words and issues."""
    page = f" ({clause.page})" if clause.page else ""
    file.heading(clause.title + page, 2, name=clause.id)
    if clause.heading:
        file.paragraph(clause.heading, lang=file.language)
    if clause.text:
        file.paragraph(clause.text, style="Quote", lang=file.language)
    if clause.note:
        file.paragraph(plain(clause.note))
    for issue in clause.issues:
        _issue(file, issue)


def _issue(file: WordFile, issue: IssueCard) -> None:
    """Write an issue with its targets and indicators."""
    file.heading(f"{issue.name}: {issue.action}", 3, name=issue.id)
    file.paragraph(plain(issue.status), label="Status")
    for words in issue.warnings:
        file.paragraph(plain(words), label="Note")
    for name, text in issue.facts:
        file.paragraph(text, label=name)
    for words, slots in issue.targets:
        file.heading(f"Target: “{words}”", 4)
        write_facts(file, slots)
    if issue.links:
        file.heading("Indicators accepted", 4)
    elif issue.search:
        file.paragraph(plain(issue.search), label="Indicator")
    for link in issue.links:
        _link(file, link)
    if issue.others:
        file.heading("Indicators not accepted", 4)
    for link in issue.others:
        _link(file, link)


def _link(file: WordFile, link: LinkCard) -> None:
    """Write an indicator in one paragraph, with what speaks for it and against it."""
    facts = [f"{name}: {words}" for name, words in link.facts]
    if link.sign != "line":
        facts.append(f"Decision: {link.decision}")
    facts += [f"Note: {words}" for words in link.warnings]
    told = "; ".join((f" {link.title} ({link.framework}): {link.status}", *facts))
    file.paragraph((Piece(words=link.code, to=link.to), Piece(words=told)), style="ListBullet")


def _part(file: WordFile, title: str, part: Part | None) -> None:
    """Write a part made of sentences and tables."""
    if part is None:
        return
    file.heading(title, 1)
    for words in part.text:
        file.paragraph(plain(words))
    for grid in part.grids:
        file.table(grid)
