"""The words of one meaning that come with the library."""

from everycount.io.search_words import shipped_meanings


def test_every_meaning_has_words_and_none_is_empty():
    meanings = shipped_meanings()
    assert len(meanings) > 80
    assert all(len(each) >= 5 and all(each) for each in meanings)
    assert ("gdp", "pib", "pib", "gdp", "الناتج المحلي") in meanings
