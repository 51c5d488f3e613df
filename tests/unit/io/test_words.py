from everycount.io.words import nearest, one_of, quote


def test_quote_is_never_long():
    assert quote("x" * 100) == "'" + "x" * 59 + "…"
    assert quote(None) == "nothing"
    assert (quote({}), quote([])) == ("an empty table", "an empty list")


def test_nearest_ignores_capitals():
    assert nearest("OBS_VALEU", ["obs_value", "x"]) == "obs_value"
    assert nearest("Female", ["F", "M"]) is None


def test_one_of_counts_when_there_are_many():
    codes = [f"A{n:02}" for n in range(20)]
    assert one_of(codes, found="a07") == "one of 20 codes such as A00, A01, A02; nearest is A07"
    assert one_of(["F"]) == "F"
