"""Two versions of a policy text or of an indicator set, compared on the command line."""

import json

import polars as pl
import pytest
from click.testing import CliRunner

from everycount.cli.main import everycount
from everycount.errors import InputError

OLD = """# Law on equal chances

## Article 1. Seats

(a) Women shall hold at least 30 % of the seats in parliament by 2030.

(b) The State shall ensure that rural women have access to credit.

## Article 2. Violence

(a) It is forbidden to exercise violence against women and girls.

(b) Survivors have the right to shelter and to legal aid free of charge.

## Article 3. Reports

The council reports to parliament every year.
"""
NEW = """# Law on equal chances

## Article 1. Seats

(a) Women shall hold at least 40 % of the seats in parliament by 2030.

(b) Banks publish each year how many loans went to villages.

## Article 2. Schools

(a) Schools shall teach equality from the first year on.

## Article 3. Violence

(a) It is forbidden to exercise violence against women and girls.

(b) Survivors have the right to shelter and to legal aid free of charge.
"""


def call(*arguments, given=None):
    return CliRunner().invoke(everycount, ["policy", *map(str, arguments)], input=given)


@pytest.fixture
def texts(tmp_path):
    places = tmp_path / "old.md", tmp_path / "new.md"
    for place, words in zip(places, (OLD, NEW), strict=True):
        place.write_text(words, encoding="utf-8")
    return places


def test_clauses_are_told_kind_by_kind(texts):
    result = call("changes", *texts)
    assert result.exception is None, result.exception
    assert result.stdout.splitlines() == [
        "reworded   1.a, 86 % alike, changes a number, date or unit",
        "    “30” -> “40”",
        "changed    1.b, 0 % alike",
        "    was: The State shall ensure that rural women have access to credit.",
        "    is: Banks publish each year how many loans went to villages.",
        "renumbered 2 -> 3",
        "    with 2 clauses in it",
        "new        2",
        "    is: Schools",
        "new        2.a",
        "    is: Schools shall teach equality from the first year on.",
        "dropped    3",
        "    was: Reports: The council reports to parliament every year.",
    ]
    assert result.stderr.endswith(
        "2 same, 3 renumbered, 1 reworded, 0 split, 0 merged, 1 changed, 2 new, 1 dropped\n"
    )


def test_a_review_names_the_issues_of_its_clauses(texts, tmp_path):
    review = tmp_path / "law.review.json"
    assert call("propose", texts[0], "-o", review).exit_code == 0
    result = call("changes", review, texts[1])
    line = "reworded   1.a, 86 % alike, changes a number, date or unit, issue 1.a"
    assert line in result.stdout
    facts = json.loads(call("changes", review, texts[1], "--json").stdout)
    changed = next(each for each in facts if each["kind"] == "reworded")
    assert changed["issues"] == ["1.a"]
    assert changed["differences"] == [{"before": "30", "after": "40"}]
    assert changed["touches"] == ["figure"]
    assert changed["before_text"].startswith("Women shall hold at least 30 %")
    assert [each["kind"] for each in facts].count("same") == 2
    place = tmp_path / "changes.csv"
    call("changes", review, texts[1], "-o", place)
    rows = pl.read_csv(place, infer_schema=False).filter(kind="reworded")
    assert rows["issues"].to_list() == ["1.a"]


def test_changes_are_written_as_a_table(texts, tmp_path):
    place = tmp_path / "changes.csv"
    assert f"written: {place}" in call("changes", *texts, "-o", place).stderr
    table = pl.read_csv(place, infer_schema=False)
    assert table.filter(kind="reworded").rows() == [
        (
            *("reworded", "1.a", "1.a", "0.867", None, "1", "1"),
            "Women shall hold at least 30 % of the seats in parliament by 2030.",
            "Women shall hold at least 40 % of the seats in parliament by 2030.",
            "“30” -> “40”",
            "figure",
        )
    ]
    assert table.filter(kind="new")["before"].to_list() == [None, None]
    again = call("changes", *texts, "-o", place).exception
    assert f"{place}: found a file that exists, expected a new name" in str(again)
    printed = call("changes", *texts, "-o", "-").stdout
    assert printed == place.read_text(encoding="utf-8")


def law(*articles):
    """A law in Markdown; an article is its title and its text, numbered from 1."""
    parts = [f"## Article {at}. {title}\n\n{text}" for at, (title, text) in enumerate(articles, 1)]
    return "# Law on equal work of women and men\n\n" + "\n\n".join(parts) + "\n"


LEAVE = (
    "Fathers have ten days of leave after the birth of a child.",
    "Mothers have one hundred days of leave and keep their full wages during that time.",
)
QUOTA = (
    "At least 30 % of all members of the boards of public companies shall be women.",
    "Every company reports once a year to the Ministry about the women on its board.",
)


def numbered(sentences):
    return "\n\n".join(f"{at}. {text}" for at, text in enumerate(sentences, 1))


def test_changes_of_substance_come_first_and_say_what_they_change(tmp_path):
    old = law(
        ("Means", "The State pays for it and the communes help."),
        ("Quota", numbered(QUOTA)),
        ("Leave", " ".join(LEAVE)),
        ("Dismissal", "A pregnant worker shall not be dismissed during leave."),
    )
    new = law(
        ("Means", "The State pays for it and the towns help."),
        ("Quota", " ".join(QUOTA).replace("30", "35")),
        ("Leave", numbered(LEAVE)),
        ("Dismissal", "A pregnant worker shall be dismissed during leave."),
    )
    places = tmp_path / "old.md", tmp_path / "new.md"
    for place, text in zip(places, (old, new), strict=True):
        place.write_text(text, encoding="utf-8")

    result = call("changes", *places)

    assert result.stdout.splitlines() == [
        "reworded   4, 85 % alike, changes a negation",
        "    “not” -> “”",
        "merged     2.1, 2.2: merged into 2, 93 % alike, changes a number, date or unit",
        "    “30” -> “35”",
        "reworded   1, 81 % alike",
        "    “communes” -> “towns”",
        "split      3.1, 3.2: split from 3",
    ]
    facts = json.loads(call("changes", *places, "--json").stdout)
    rows = [(each["kind"], each["before"], each["after"]) for each in facts]
    assert [row for row in rows if row[0] == "split"] == [
        *(("split", "3", "3"), ("split", "3", "3.1"), ("split", "3", "3.2")),
    ]
    assert [row for row in rows if row[0] == "merged"] == [
        *(("merged", "2", "2"), ("merged", "2.1", "2"), ("merged", "2.2", "2")),
    ]


def test_issues_of_all_parts_of_a_merged_clause_are_named(tmp_path):
    duties = [f"The State shall protect {who} from violence." for who in ("women", "girls")]
    ends = ("Beginning", "This law begins with the next year.")
    english = ("--language", "en")
    places = tmp_path / "old.md", tmp_path / "new.md"
    places[0].write_text(law(("Aim", numbered(duties)), ends), encoding="utf-8")
    places[1].write_text(law(("Aim", " ".join(duties)), ends), encoding="utf-8")
    review = tmp_path / "old.review.json"
    assert call("propose", places[0], "-o", review, *english).exit_code == 0

    result = call("changes", review, places[1], *english)

    assert "merged     1.1, 1.2: merged into 1, issues 1.1, 1.2\n" in result.stdout


def test_numbers_without_words_are_counted_only(tmp_path):
    places = tmp_path / "old.md", tmp_path / "new.md"
    places[0].write_text(law(("Aim", "Women and men are equal.")), encoding="utf-8")
    places[1].write_text(
        law(("Aim", "Women and men are equal.")) + "\n## Article 2\n", encoding="utf-8"
    )

    result = call("changes", *places, "--language", "en")

    assert result.stdout == ""
    assert "1 new" in result.stderr


def test_articles_out_of_order_are_told(tmp_path):
    text = (
        "Article 1. Aim\nThe aim of this law is equality.\nArticle 2. Terms\nWords are as said.\n"
        "Article 4. Labour\nEmployers shall pay women and men equally.\n"
        "Article 3. Education\nThe Ministry shall open schools for girls.\n"
    )
    place = tmp_path / "law.txt"
    place.write_text(text, encoding="utf-8")
    told = "page 1, Article 3: number 3 after 4"

    read = call("read", place, "--json")

    assert told in read.stderr
    assert json.loads(read.stdout)["out_of_order"] == [told]
    assert told in call("propose", place, "-o", tmp_path / "law.review.json").stderr
    assert f"{place}: {told}" in call("changes", place, place).stderr


def test_a_text_may_come_from_standard_input(tmp_path):
    old, new = (text.replace("#", "").replace("\n ", "\n").strip() for text in (OLD, NEW))
    place = tmp_path / "old.txt"
    place.write_text(old, encoding="utf-8")
    result = call("changes", place, "-", given=new)
    assert "2 same" in result.stderr
    both = call("changes", "-", "-")
    assert both.exit_code == 2
    assert "only one of OLD and NEW can be standard input" in both.stderr


def test_a_long_change_is_cut_in_lines_and_whole_in_json(tmp_path):
    words = [f"word{number}" for number in range(60)]
    other = [word.upper() + "x" if at % 8 == 0 else word for at, word in enumerate(words)]
    for name, each in (("old.md", words), ("new.md", other)):
        text = f"# Law\n\n## Article 1. The women\n\nThe {' '.join(each)} of the law.\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    pair = tmp_path / "old.md", tmp_path / "new.md"
    printed = call("changes", *pair, "--language", "en").stdout
    assert "    and 2 more differences" in printed
    facts = json.loads(call("changes", *pair, "--json", "--language", "en").stdout)
    assert len(next(each for each in facts if each["differences"])["differences"]) == 8
    (tmp_path / "none.md").write_text("# Law\n\n## Article 2. Men\n\nNo.\n", encoding="utf-8")
    dropped = call("changes", pair[0], tmp_path / "none.md", "--language", "en").stdout
    line = next(line for line in dropped.splitlines() if line.startswith("    was: The women"))
    assert line.endswith("…")
    assert len(line) == len("    was: ") + 160


def test_what_cannot_be_compared_is_refused(texts, tmp_path):
    error = call("changes", "sdg-global", texts[1]).exception
    assert isinstance(error, InputError)
    assert "sdg-global: found no policy text, expected a review (.json) or a document" in str(error)
    french = tmp_path / "loi.md"
    french.write_text(
        "# Loi\n\n## Article 1. Les femmes\n\nL'État assure aux femmes et aux hommes les mêmes "
        "droits dans la vie politique, et les communes publient chaque année un rapport.\n",
        encoding="utf-8",
    )
    error = call("changes", texts[0], french).exception
    assert "language: found" in str(error)
    assert "expected two readings in one; choose by --language" in str(error)
    review = tmp_path / "law.review.json"
    call("propose", texts[0], "-o", review)
    data = json.loads(review.read_text(encoding="utf-8"))
    for clause in data["policy"]["clauses"]:
        clause["text"] = clause["heading"] = ""
    review.write_text(json.dumps(data), encoding="utf-8")
    error = call("changes", review, texts[1]).exception
    assert "found a review without the words of its clauses, expected the document itself" in str(
        error
    )


def test_options_of_sets_and_texts_are_kept_apart(texts):
    wrong = call("changes", *texts, "--review", "law.review.json")
    assert "`policy propose --review` carries the decisions" in " ".join(wrong.stderr.split())
    wrong = call("changes", "sdg-global@2019", "sdg-global@2023", "--language", "en")
    assert "--language goes with two texts" in wrong.stderr


def test_changes_of_a_set_are_written_too(tmp_path):
    place = tmp_path / "changes.csv"
    result = call("changes", "sdg-global@2019", "sdg-global@2023", "-o", place)
    assert "reworded   1.1.1 -> 1.1.1" in result.stdout
    table = pl.read_csv(place, infer_schema=False)
    assert table.columns == ["kind", "before", "after", "words"]
    assert table.filter(kind="new")["before"].null_count() == table.filter(kind="new").height > 0
    printed = call("changes", "sdg-global@2019", "sdg-global@2023", "-o", "-").stdout
    assert printed == place.read_text(encoding="utf-8")
