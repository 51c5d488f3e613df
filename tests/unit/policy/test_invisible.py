"""Characters that nobody sees."""

import pytest

from everycount.policy.invisible import own_words, visible, visible_at


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("Đ\u200biều 1", "Điều 1"),
        ("Art\u200cic\u200dle\u2060 \ufeff2", "Article 2"),
        ("\u200eArticle\u202a 3\u202c", "Article 3"),
        ("wo\u00admen", "women"),
        ("wo\u00ad\u200bmen", "women"),
        # The word goes on in the next line.
        ("wo\u00ad", "wo\u00ad"),
        ("wo\u00ad\nmen", "wo\u00ad\nmen"),
        # Joiners are letters' business in Persian and Hindi.
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_visible_characters(text, expected):
    assert visible(text) == expected
    assert "".join(text[at] for at in visible_at(text)) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [(" one two ", "one two"), ("\ufeff\u200b a\u200bb \u2060", "a\u200bb"), ("\u200b\n", "")],
)
def test_own_words_of_a_line(text, words):
    start, stop = own_words(text)
    assert text[start:stop] == words
