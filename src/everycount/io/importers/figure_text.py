"""Figures written with words: bounds in brackets, signs of more or less, texts for missing."""

import polars as pl

from everycount.model.observation import VALUE

NUMBER = r"[+\-\u2212]?\d[\d \u00a0\u2009\u202f]*(?:\.\d+)?(?:[eE][+-]?\d+)?"
INTERVAL = (
    rf"^\s*([<>≤≥≈~]?\s*{NUMBER})\s*[\[(]\s*({NUMBER})\s*(?:-|–|to|,|;)\s*({NUMBER})\s*[\])]\s*$"
)
IS_NUMBER = r"^\s*[+\-\u2212]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$"
GAP = "[ \u00a0\u2009\u202f]"
GROUPED = rf"^[<>≤≥≈~]?{GAP}?\d{{1,3}}(?:{GAP}\d{{3}})+(?:\.\d+)?$"
LOWER, UPPER, COMMENT = "LOWER_BOUND", "UPPER_BOUND", "COMMENT_OBS"


def split_intervals(texts: pl.Series) -> pl.DataFrame:
    """Return the value and the bounds of texts such as ``12.3 [10.0-14.0]``.

    Parameters
    ----------
    texts : Series
        As the World Health Organization writes figures for people.

    Returns
    -------
    DataFrame
        OBS_VALUE, LOWER_BOUND and UPPER_BOUND as text. A text without bounds is a value.

    Examples
    --------
    >>> split_intervals(pl.Series(["12.3 [10.0-14.0]", "<0.1", "1 200"])).rows()
    [('12.3', '10.0', '14.0'), ('<0.1', None, None), ('1200', None, None)]
    """
    frame = texts.to_frame("text")
    value, lower, upper = (pl.col("text").str.extract(INTERVAL, group) for group in (1, 2, 3))
    return frame.select(
        _plain(pl.coalesce(value, "text")).alias(VALUE),
        _plain(lower).alias(LOWER),
        _plain(upper).alias(UPPER),
    )


def _plain(text: pl.Expr) -> pl.Expr:
    """Return figures without spaces around them, and between groups of three digits."""
    bare = text.str.strip_chars()
    return pl.when(bare.str.contains(GROUPED)).then(bare.str.replace_all(GAP, "")).otherwise(bare)


def keep_bounds_in_words(batch: pl.DataFrame) -> pl.DataFrame:
    """Return a batch whose bounds are numbers; others, such as ``<0.01``, stand in the comment.

    Examples
    --------
    >>> keep_bounds_in_words(pl.DataFrame({"LOWER_BOUND": ["<0.01", "NaN", "2"]})).rows()
    [(None, 'Lower bound: <0.01'), (None, None), ('2', None)]
    """
    for name, words in ((LOWER, "Lower bound: "), (UPPER, "Upper bound: ")):
        if name not in batch.columns:
            continue
        if COMMENT not in batch.columns:
            batch = batch.with_columns(pl.lit(None, pl.String).alias(COMMENT))
        text = pl.col(name).str.strip_chars()
        is_number = text.str.contains(IS_NUMBER)
        is_word = ~is_number & (text != "") & (text.str.to_lowercase() != "nan")
        said = pl.when(is_word).then(pl.lit(words) + text)
        both = pl.concat_str([pl.col(COMMENT), said], separator="; ", ignore_nulls=True)
        batch = batch.with_columns(
            pl.when(is_number).then(pl.col(name)).alias(name),
            pl.when(both != "").then(both).alias(COMMENT),
        )
    return batch
