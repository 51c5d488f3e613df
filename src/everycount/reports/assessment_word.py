"""Write the report on an indicator set as a Word file, with every row of its tables."""

from everycount.reports.assessment_page import AssessmentPage, CandidateCard
from everycount.reports.policy_places import plain
from everycount.reports.policy_word_parts import WordFile
from everycount.reports.policy_word_sections import write_facts, write_head, write_reports


def assessment_word(page: AssessmentPage) -> bytes:
    """Return the report on an indicator set as a Word file.

    Parameters
    ----------
    page : AssessmentPage
        What to show, from `everycount.reports.assessment_report.assessment_report`.

    Returns
    -------
    bytes
        The file (.docx). Nothing is cut. The same page gives the same bytes.

    Raises
    ------
    ValueError
        If a text has characters that XML forbids, which those of `assessment_report` never have.

    Examples
    --------
    >>> page = AssessmentPage(title="Draft set", finding="Nothing is selected yet.")
    >>> assessment_word(page)[:2]
    b'PK'
    """
    file = WordFile(page.title, page.language)
    write_head(file, page)
    write_reports(file, page, "Reports on the set")
    if page.cards:
        file.heading("The candidates one by one", 1)
        file.paragraph(plain(page.cards_note))
        for card in page.cards:
            _card(file, card)
    file.heading("What the marks mean", 1)
    file.paragraph(plain(page.scale))
    write_facts(file, page.criteria)
    file.heading("Provenance", 1)
    write_facts(file, page.provenance)
    return file.content()


def _card(file: WordFile, card: CandidateCard) -> None:
    """Write the scorecard of a candidate."""
    file.heading(f"{card.code}: {card.title}", 2, name=card.id)
    file.paragraph(plain(card.status), label="Selection")
    for words in card.warnings:
        file.paragraph(plain(words), label="Note")
    write_facts(file, card.marks)
    for name, text in card.facts:
        file.paragraph(text, label=name)
