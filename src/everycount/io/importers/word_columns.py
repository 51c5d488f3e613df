"""Bring columns of words to codes; words without a code stay as breakdowns of the source."""

from collections.abc import Mapping

import polars as pl

from everycount.io.code_lists import shipped_code_lists
from everycount.io.importers.code_words import DEMANDED, code_of
from everycount.io.importers.labels import Labels
from everycount.model.codes import CODE, Code
from everycount.model.observation import OBSERVATION
from everycount.repository.custom_codes import part_code


def left_name(name: str, component: str) -> str:
    """Return the column in which words stay that no code is known for.

    Examples
    --------
    >>> left_name("Age group", "AGE"), left_name("AGE", "AGE")
    ('Age group', 'AGE_OTHER')
    """
    return name if name != component else f"{name}_OTHER"


def code_columns(batch: pl.DataFrame, places: Mapping[str, str], labels: Labels) -> pl.DataFrame:
    """Return a batch with a column of codes for each column of words.

    Parameters
    ----------
    batch : DataFrame
        Text, by the file's own columns.
    places : mapping of str to str
        Component by the column in which it stands. Where two columns hold one component the
        first that says something counts, and the other stays as it is.
    labels : dict
        Filled here with the words of codes that were made from them.

    Returns
    -------
    DataFrame
        With a column for each component. In the source's own columns only words stay that no
        code is known for; where a code must be known they go to the component, to be refused.

    Examples
    --------
    >>> table = pl.DataFrame({"Who": ["FEMALE", "Both sexes"], "How old": ["15-24", "not stated"]})
    >>> code_columns(table, {"Who": "SEX", "How old": "AGE"}, {}).rows()
    [(None, None, 'F', 'Y15T24'), (None, 'not stated', '_T', None)]
    """
    for name, component in places.items():
        if name not in batch.columns:
            continue
        words = batch[name].str.strip_chars()
        codes = {word: _code(component, word, labels) for word in words.unique().drop_nulls()}
        coded = words.replace_strict(codes, default=None, return_dtype=pl.String)
        is_left = coded.is_null()
        if component in batch.columns and component != name:
            is_left |= (batch[component] != coded).fill_null(value=False)
            coded = pl.select(pl.coalesce(batch[component], coded)).to_series()
        left = pl.select(pl.when(is_left).then(batch[name])).to_series()
        batch = batch.with_columns(coded.alias(component), left.alias(left_name(name, component)))
    return batch


def _code(component: str, word: str, labels: Labels) -> str | None:
    """Return the code for a word, made from it where the list is open; None where there is none."""
    known = code_of(component, word)
    if known is not None:
        return known
    if component in DEMANDED:
        return word
    shipped = shipped_code_lists().get(OBSERVATION.by_id[component].codes)
    if shipped and not shipped.is_open:
        return None
    code = word if CODE.fullmatch(word) and word == word.upper() else part_code(word)
    if code != word:
        labels.setdefault(component, {})[code] = Code(id=code, name={"en": word})
    return code
