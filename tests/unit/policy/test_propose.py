"""Proposals of whole documents: which clauses ask, and what is read from them."""

import unicodedata
from dataclasses import replace

import pytest

from everycount.errors import MethodError
from everycount.model.document import Document, Passage, Span
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary
from everycount.policy.clauses import clause_of, clauses_of
from everycount.policy.gate import asks_for_action
from everycount.policy.lexicon import lexicon_of
from everycount.policy.population import find_population
from everycount.policy.propose import propose

GROUPS = (
    ("women", "", ("sex",), {"en": ("women", "woman"), "fr": ("femme*",), "es": ("mujer*",),
                             "vi": ("phụ nữ",)}),
    ("rural-women", "women", ("sex", "location"),
     {"en": ("rural women", "women in rural areas"), "fr": ("femmes rurales",),
      "es": ("mujeres rurales",), "vi": ("phụ nữ nông thôn",)}),
    ("girls", "", ("sex", "age"), {"en": ("girl*",), "fr": ("filles",), "es": ("niñas",),
                                   "vi": ("trẻ em gái",)}),
)  # fmt: skip
VOCABULARY = Vocabulary(
    id="test",
    title={"en": "Test"},
    source="Test",
    groups=(
        *(
            TargetGroup(code=code, title={"en": code}, parent=parent, breakdowns=by, terms=terms)
            for code, parent, by, terms in GROUPS
        ),
        TargetGroup(
            code="firms", title={"en": "Firms"}, dimension="economic",
            terms={"en": ("employer*", "firms")},
        ),
        TargetGroup(
            code="schools", title={"en": "Schools"}, dimension="institutional",
            terms={"en": ("schools",)},
        ),
    ),
    concepts=(
        Concept(code="protection", title={"en": "Protection"}, question={},
                terms={"en": ("protect*", "violence")}),
        Concept(code="capacity", title={"en": "Capacity"}, question={}, dimension="institutional",
                terms={"en": ("train*",)}),
    ),
)  # fmt: skip


def document(*passages, language="en"):
    """Make a document of passages given as number, text and, where there is one, heading."""
    spans = (Span(page=1, start=0, end=1),)
    made = [
        Passage(
            number=number, kind="clause", label="", heading="".join(heading), text=text,
            spans=spans, parent=number.rpartition(".")[0],
        )
        for number, text, *heading in passages
    ]  # fmt: skip
    return Document(name="act.txt", digest="", language=language, pages=("",), passages=tuple(made))


def only(text, language="en"):
    (issue,) = propose(document(("1", text), language=language), VOCABULARY)
    return issue


def reason(text, language="en", heading=""):
    verdict = asks_for_action(
        clause_of(text, language, heading=heading), lexicon_of(VOCABULARY, language)
    )
    return verdict.asks, verdict.reason


# ---------------------------------------------------------------- the gate


@pytest.mark.parametrize(
    ("language", "text", "why"),
    [
        ("en", "Every woman is entitled to leave.", "it gives a right (“entitled to”)"),
        ("en", "It is forbidden to harass a girl.", "it forbids something (“is forbidden”)"),
        ("en", "The marriage of a girl is null and void.",
         "it takes away legal force (“null and void”)"),
        ("en", "To reduce poverty.", "it sets an aim (“To reduce”)"),
        ("en", "Target 3: Promote the health of all.", "it sets an aim (“Promote”)"),
        ("en", "The law aims at equality.", "it sets an aim (“aims at”)"),
        ("en", "The Minister shall report on wages.", "it lays down a duty (“shall”)"),
        ("en", "At least five members shall be women.", "it lays down a duty (“shall”)"),
        ("en", "The Fund may support rural women.", "it allows something (“may”)"),
        ("fr", "L'employeur doit verser un salaire égal.", "it lays down a duty (“doit”)"),
        ("fr", "Il est interdit de marier les filles.", "it forbids something (“est interdit”)"),
        ("fr", "Les femmes ont droit à un congé.", "it gives a right (“ont droit”)"),
        ("fr", "Réduire la pauvreté.", "it sets an aim (“Réduire”)"),
        ("es", "Se prohíbe la violencia.", "it forbids something (“Se prohíbe”)"),
        ("es", "El Estado garantizará la igualdad.", "it lays down a duty (“garantizará”)"),
        ("es", "Toda mujer tiene derecho a la salud.", "it gives a right (“tiene derecho”)"),
        ("vi", "Nghiêm cấm bạo lực gia đình.", "it forbids something (“Nghiêm cấm”)"),
        ("vi", "Nhà nước bảo đảm bình đẳng giới.", "it lays down a duty (“bảo đảm”)"),
        ("vi", "Phụ nữ có quyền học tập.", "it gives a right (“có quyền”)"),
        ("vi", "Phấn đấu xóa mù chữ.", "it sets an aim (“Phấn đấu”)"),
    ],
)  # fmt: skip
def test_gate_lets_through_what_a_figure_could_show(language, text, why):
    assert reason(text, language) == (True, why)


@pytest.mark.parametrize(
    ("language", "text", "why"),
    [
        ("en", "Whoever strikes a woman shall be liable to imprisonment.",
         "it sets a penalty (“liable to imprisonment”)"),
        ("en", "“Child” means a girl or boy who shall be under 18.",
         "it says what a word means (““Child” means”)"),
        ("en", "This Act shall come into force in May.",
         "it says from when, where or under what name the text applies (“come into force”)"),
        ("en", "The Act of 1929 shall be repealed.", "it changes or ends a text (“be repealed”)"),
        ("en", "No suit shall lie for what protects women.",
         "it shields those who act (“No suit”)"),
        ("en", "Members shall be from among persons who protect women.",
         "it says who may sit on a body (“from among persons”)"),
        ("en", "Every regulation shall be published in the Gazette.",
         "it leaves rules to be made or published (“regulation shall”)"),
        ("en", "The quorum shall be four.", "it orders the affairs of a body (“quorum”)"),
        ("en", "The court shall hear the petition of a woman.",
         "it is a step before a court or in an inquiry (“court”)"),
        ("en", "The office may be open on Sundays.", "it only allows something"),
        ("en", "Gender is how people see one another.",
         "it asks for nothing: no right, duty, prohibition or aim is in it"),
        ("en", "The Secretary shall answer letters.",
         "it names neither people nor a subject that figures are made of"),
        ("fr", "Il est puni d'un emprisonnement.", "it sets a penalty (“est puni”)"),
        ("es", "Será castigado con multa.", "it sets a penalty (“castigado”)"),
        ("vi", "Người vi phạm bị phạt tiền.", "it sets a penalty (“bị phạt”)"),
    ],
)  # fmt: skip
def test_gate_turns_away_penalties_procedure_and_definitions(language, text, why):
    assert reason(text, language) == (False, why)


def test_gate_follows_the_headings_above_a_clause():
    assert reason("He shall protect girls.", heading="Definitions of terms") == (
        False,
        "it says what a word means (“Definitions of terms”)",
    )
    assert reason("He shall hold office.", heading="Staff of the Commission")[0] is False
    assert reason("He shall protect girls.", heading="Staff of the Commission")[0] is True


def test_gate_asks_the_points_and_not_what_leads_into_them():
    found = document(("1", "The State shall:"), ("1.a", "protect girls;"), ("1.b", "and so on."))
    lexicon = lexicon_of(VOCABULARY, "en")
    verdicts = [asks_for_action(clause, lexicon) for clause in clauses_of(found)]
    assert [verdict.asks for verdict in verdicts] == [False, True, False]
    assert verdicts[0].reason == "what it asks for stands in its points"


def test_gate_turns_away_points_under_procedure():
    found = document(
        ("1", "The Commission shall appoint:"), ("1.a", "people who speak well:"), ("1.a.i", "one")
    )
    assert propose(found, VOCABULARY) == ()


def test_gate_without_words():
    assert reason("  ") == (False, "it has no words")


# ---------------------------------------------------------------- clauses


def test_clauses_break_sentences_at_stops_and_provisos_only():
    clause = clause_of(
        "See No. 4 of the Act. Girls go first; Provided that Dr. J. Smith agrees? Yes.", "en"
    )
    assert [each.text for each in clause.sentences()] == [
        "See No. 4 of the Act.",
        "Girls go first;",
        "Provided that Dr. J. Smith agrees?",
        "Yes.",
    ]


def test_clauses_without_text_are_left_out_and_empty_rows_have_no_sentence():
    found = list(clauses_of(document(("1", ""), ("1.a", "Girls."))))
    assert [clause.passage.number for clause in found] == ["1.a"]
    row = clause_of("", "en")
    assert replace(row, passage=replace(row.passage, kind="row")).sentences() == ()


# ---------------------------------------------------------------- issues


def test_issue_of_a_clause_says_what_by_whom_for_whom():
    issue = only("The Minister of Labour shall protect rural women from violence. Fees are low.")
    assert issue.id == issue.passage == "1"
    assert issue.action == "The Minister of Labour shall protect rural women from violence"
    assert issue.bodies == ("Minister of Labour",)
    assert [tag.code for tag in issue.groups] == ["rural-women"]
    assert issue.breakdowns == (("sex",), ("location",), ("sex", "location"))
    assert issue.decision.status == "proposed"
    assert [cause.words for cause in issue.causes] == ["shall", "Minister of Labour"]


def test_issue_of_a_point_takes_verb_and_body_of_what_leads_into_it():
    found = document(
        ("3", "The Bureau for Women shall –"),
        ("3.b", "make recommendations to firms –"),
        ("3.b.i", "on wages of girls; and"),
    )
    (issue,) = propose(found, VOCABULARY)
    assert issue.action == (
        "The Bureau for Women shall make recommendations to firms on wages of girls"
    )
    assert issue.bodies == ("Bureau for Women",)
    assert [(cause.passage, cause.words) for cause in issue.causes] == [
        ("3", "shall"),
        ("3", "Bureau for Women"),
    ]
    assert [tag.code for tag in issue.groups] == ["girls", "firms"]


def test_issue_of_a_point_with_its_own_verb_keeps_it():
    found = document(("3", "The State shall"), ("3.a", "see that girls have the right to learn;"))
    (issue,) = propose(found, VOCABULARY)
    assert [(cause.passage, cause.words) for cause in issue.causes] == [("3.a", "have the right")]


def test_issue_names_bodies_behind_a_passive_verb():
    issue = only("Equal wages shall be paid by employers and by whoever hires.")
    assert issue.bodies == ("employers",)
    assert only("Equal wages shall be paid.").bodies == ()


def test_issue_names_bodies_of_a_passive_lead():
    found = document(("2", "Measures shall be taken by the Ministry to"), ("2.a", "protect girls"))
    (issue,) = propose(found, VOCABULARY)
    assert issue.bodies == ("Ministry",)


def test_issue_leaves_out_institutions_that_act_and_enterprises_that_are_bound():
    assert only("Employers shall not dismiss women.").groups[0].code == "women"
    issue = only("Schools shall teach girls.")
    assert [tag.code for tag in issue.groups] == ["girls"]
    assert [tag.code for tag in only("The employer shall protect health in firms.").groups] == [
        "firms"
    ]
    assert only("The employer must protect health.").groups == ()


def test_issue_keeps_institutions_that_a_figure_counts():
    issue = only("Ensure that at least 60% of schools have toilets for girls by 2030.")
    assert [tag.code for tag in issue.groups] == ["schools", "girls"]
    assert [target.id for target in issue.targets] == ["1-t1"]
    assert issue.reference_population == "schools"


def test_issue_takes_groups_from_the_heading_if_the_text_names_none():
    found = document(("1", "It is forbidden to hurt them.", "Protection of girls"))
    (issue,) = propose(found, VOCABULARY)
    (cause,) = issue.groups[0].causes
    assert (cause.part, cause.words, cause.start) == ("heading", "girls", 14)


def test_issue_grades_concepts_by_what_is_said_of_them():
    grades = {
        "Violence is forbidden.": 3,
        "The State shall protect girls.": 1,
        "The State shall protect girls, including those at work.": 2,
        "The State shall protect girls and evaluate it.": 4,
        "The State shall provide shelters that protect girls.": 3,
        "Equality shall be kept. To protect is good in order to live.": 2,
    }
    for text, grade in grades.items():
        assert [tag.grade for tag in only(text).concepts] == [grade], text


def test_issue_keeps_the_highest_grade_and_its_words():
    issue = only("The State shall protect girls. It shall evaluate how it protects them.")
    (tag,) = issue.concepts
    assert tag.grade == 4
    assert [cause.words for cause in tag.causes] == ["protect", "protects", "evaluate"]


def test_issue_dimension_follows_words_groups_and_concepts():
    assert only("Wages and credit shall be equal.").dimension == "economic"
    assert only("Firms shall keep food safe.").dimension == "economic"
    assert only("Firms shall keep food, housing and health safe.").dimension == "social"
    assert only("The State shall train all.").dimension == "institutional"


def test_issue_asks_for_breakdowns_in_the_words_of_the_clause():
    issue = only("Data shall be disaggregated by sex, age and region (yearly).")
    assert issue.breakdowns == (("sex",), ("age",), ("location",), ("sex", "age", "location"))
    assert only("Data shall be broken down by colour.").breakdowns == ()


def test_issues_of_passages_with_one_number_have_different_ids():
    found = document(("1", "Girls shall learn."), ("1", "Women shall learn."))
    assert [issue.id for issue in propose(found, VOCABULARY)] == ["1", "1-2"]


@pytest.mark.parametrize(
    ("language", "text", "action", "bodies"),
    [
        ("fr", "L'État garantit l'égalité d'accès des femmes rurales à la terre.",
         "L'État garantit l'égalité d'accès des femmes rurales à la terre", ("État",)),
        ("es", "El Estado promoverá el empleo de las mujeres rurales.",
         "El Estado promoverá el empleo de las mujeres rurales", ("Estado",)),
        ("vi", "Nhà nước có trách nhiệm hỗ trợ phụ nữ nông thôn vay vốn.",
         "Nhà nước có trách nhiệm hỗ trợ phụ nữ nông thôn vay vốn", ("Nhà nước",)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_issue_in_other_languages_and_both_unicode_forms(form, language, text, action, bodies):
    issue = only(unicodedata.normalize(form, text), language)
    assert unicodedata.normalize("NFC", issue.action) == action
    assert tuple(unicodedata.normalize("NFC", body) for body in issue.bodies) == bodies
    (tag,) = issue.groups
    assert tag.code == "rural-women"
    (cause,) = tag.causes
    assert issue.clause[cause.start : cause.end] == cause.words
    assert unicodedata.is_normalized(form, cause.words)


def test_heading_in_decomposed_letters_points_at_its_own_characters():
    heading = unicodedata.normalize("NFD", "Bảo vệ trẻ em gái")
    found = document(("1", "Nghiêm cấm bạo lực.", heading), language="vi")
    (issue,) = propose(found, VOCABULARY)
    (cause,) = issue.groups[0].causes
    assert heading[cause.start : cause.end] == cause.words


@pytest.mark.parametrize(("language", "found"), [("rw", "'rw'"), ("", "none that is known")])
def test_propose_refuses_a_language_it_cannot_read(language, found):
    with pytest.raises(MethodError) as caught:
        propose(document(language=language), VOCABULARY)
    assert str(caught.value) == (
        "act.txt has 1 problem:\n  language: found "
        f"{found}, expected one of en, fr, es, vi, whose clauses are read"
    )


# ---------------------------------------------------------------- targets without a verb


def test_gate_takes_a_figure_with_a_year_by_which_for_an_aim():
    text = "At least 60% of heads of agencies are women by 2025."
    assert reason(text) == (True, "it sets an aim (“At least 60%”)")
    assert reason("In 2019, 24 % of heads were women.")[0] is False
    assert [target.year for target in only(text).targets] == [2025]


def test_gate_takes_a_row_of_targets_for_an_aim():
    row = document(("1", "Target: Women who own firms; 2025: 27 %; 2030: 30 %"))
    row = replace(row, passages=(replace(row.passages[0], kind="row"),))
    (issue,) = propose(row, VOCABULARY)
    assert [(target.value, target.year) for target in issue.targets] == [(27, 2025), (30, 2030)]
    assert [cause.words for cause in issue.causes] == ["27 %"]


def test_row_that_is_a_sentence_is_read_as_one():
    row = document(("1", "To reach 40% of girls by 2025 and 50% by 2030."))
    row = replace(row, passages=(replace(row.passages[0], kind="row"),))
    (issue,) = propose(row, VOCABULARY)
    assert [(target.value, target.year) for target in issue.targets] == [(40, 2025), (50, 2030)]


def test_issue_names_the_body_behind_duty_of():
    issue = only("It shall be the duty of the Prevention Officer to protect girls.")
    assert issue.bodies == ("Prevention Officer",)


def test_gate_keeps_appointments_without_a_quota_out():
    assert reason("It shall be composed of women.") == (
        False,
        "it says who may sit on a body (“be composed of”)",
    )
    assert reason("It shall be composed of at least 40% women.")[0] is True


def test_issue_names_the_body_behind_a_purpose_and_a_preposition():
    issue = only("To protect girls, the Office shall have the following powers on wages.")
    assert (issue.bodies, issue.causes[0].words) == (("Office",), "shall")
    issue = only("Among the Council there shall be at least thirty per cent (30%) of women.")
    assert issue.bodies == ("Council",)
    (target,) = issue.targets
    assert (target.value, target.words.words, target.denominator) == (
        30,
        "at least thirty per cent (30%)",
        "women",
    )


# ---------------------------------------------------------------- shares, prohibitions and sexes


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Ministries must appoint women to senior posts in a fair proportion."),
        ("fr", "Les membres sont nommés par décret, avec une part équitable de femmes, et doivent "
               "siéger."),
        ("es", "El comité será elegido por voto y deberá tener proporción adecuada de mujeres."),
        ("vi", "Cơ quan phải bổ nhiệm phụ nữ theo tỷ lệ phù hợp."),
    ],
)  # fmt: skip
def test_gate_takes_a_share_in_words_for_a_quota(language, text):
    assert reason(text, language)[0] is True


def test_gate_keeps_appointments_to_boards_out_whoever_they_name():
    assert reason("The Minister shall appoint a woman to the board.") == (
        False,
        "it orders the affairs of a body (“appoint”)",
    )
    assert reason("The Minister shall appoint a fair share of lawyers.")[0] is False


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "Nobody may keep a girl from school.", "Nobody may"),
        ("en", "No one may keep women from trade.", "No one may"),
        ("en", "No person shall keep a woman from trade.", "No person shall"),
        ("fr", "Personne ne peut empêcher les femmes de voter.", "Personne ne peut"),
        ("es", "Nadie podrá impedir el trabajo de las mujeres.", "Nadie podrá"),
        ("vi", "Không ai được cản trở phụ nữ học tập.", "Không ai được"),
    ],
)
def test_gate_takes_what_nobody_may_do_for_a_prohibition(language, text, words):
    assert reason(text, language) == (True, f"it forbids something (“{words}”)")


SEXES = (
    ("en", "It is forbidden to keep a cousin from a post because of sex."),
    ("en", "It is forbidden to make a difference between women and men."),
    ("en", "All shall be heard regardless of their sex."),
    ("fr", "Il est interdit de refuser un poste en raison du sexe."),
    ("fr", "L'État doit veiller sans distinction de sexe."),
    ("es", "Se prohíbe negar un puesto por razón de sexo."),
    ("es", "Se prohíbe toda diferencia entre mujeres y hombres."),
    ("vi", "Nghiêm cấm từ chối vì lý do giới tính."),
    ("vi", "Phải đối xử như nhau giữa nam và nữ."),
)


@pytest.mark.parametrize(("language", "text"), SEXES)
def test_issue_on_the_ground_of_sex_needs_figures_by_sex(language, text):
    assert ("sex",) in only(text, language).breakdowns


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Wages shall be paid to a couple of the same sex."),
        ("vi", "Phải bảo đảm việc làm trong một giới hạn."),
    ],
)
def test_issue_that_only_mentions_sex_or_the_like_needs_no_figures_by_it(language, text):
    assert only(text, language).breakdowns == ()


def test_gate_turns_away_a_prohibition_on_no_ground_and_no_subject():
    assert reason("It is forbidden to keep a cousin from a post.")[0] is False


PAIRS = Vocabulary(
    id="pairs",
    title={"en": "Pairs"},
    source="Test",
    groups=(
        TargetGroup(
            code="w", title={"en": "W"}, breakdowns=("sex",),
            terms={"en": ("females",), "fr": ("femmes",), "es": ("mujeres",), "vi": ("phụ nữ",)},
        ),
        TargetGroup(
            code="m", title={"en": "M"}, breakdowns=("sex",),
            terms={"en": ("males",), "fr": ("hommes",), "es": ("hombres",), "vi": ("nam giới",)},
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "groups"),
    [
        ("en", "Female and male relatives shall share housework.", ["w", "m"]),
        ("en", "Male or female relatives shall share housework.", ["m", "w"]),
        ("en", "Equal wages shall be paid whether one is male or female.", []),
        ("fr", "Les membres féminins et masculins doivent partager le travail.", ["w", "m"]),
        ("fr", "Toute personne de sexe masculin ou féminin a droit à la santé.", []),
        ("es", "Los miembros femeninos y masculinos deberán compartir el trabajo.", ["w", "m"]),
        ("vi", "Thành viên nam, nữ có trách nhiệm chia sẻ việc nhà.", ["m", "w"]),
    ],
)
def test_issue_names_both_sexes_by_their_adjectives(language, text, groups):
    (issue,) = propose(document(("1", text), language=language), PAIRS)
    assert [tag.code for tag in issue.groups] == groups


LIVES = Vocabulary(
    id="lives",
    title={"en": "Lives"},
    source="Test",
    groups=tuple(
        TargetGroup(code=code, title={"en": code}, breakdowns=by, terms=terms, dimension=dimension)
        for code, by, dimension, terms in (
            ("minority", ("sex", "group"), "social",
             {"en": ("minority women",), "fr": ("femmes autochtones",),
              "es": ("mujeres indígenas",), "vi": ("phụ nữ dân tộc",)}),
            ("rural", ("sex", "location"), "social", {"en": ("women in rural areas",)}),
            ("places", ("location",), "social",
             {"en": ("remote areas",), "fr": ("zones rurales",), "es": ("zonas rurales",),
              "vi": ("nông thôn",)}),
            ("children", ("age",), "social", {"en": ("children",)}),
            ("firms", ("size",), "economic", {"en": ("firms",)}),
        )
    ),
)  # fmt: skip
ALL = ("sex", "group", "location")


@pytest.mark.parametrize(
    ("language", "text", "combined"),
    [
        ("en", "Support shall go to minority women in rural areas.",
         [("sex", "group"), ("sex", "location"), ALL]),
        ("en", "Support shall go to minority women living in hilly and remote areas.",
         [("sex", "group"), ALL]),
        ("en", "Support shall go to minority women in rural areas, to children and to children.",
         [("sex", "group"), ("sex", "location"), ALL]),
        ("en", "Support shall go to minority women and remote areas.", [("sex", "group")]),
        ("en", "Support shall go to minority women with children.", [("sex", "group")]),
        ("en", "Support shall go to minority women in firms.", [("sex", "group")]),
        ("fr", "L'État doit aider les femmes autochtones des zones rurales.",
         [("sex", "group"), ALL]),
        ("es", "El Estado deberá apoyar a las mujeres indígenas de las zonas rurales.",
         [("sex", "group"), ALL]),
        ("vi", "Nhà nước phải hỗ trợ phụ nữ dân tộc ở nông thôn.", [("sex", "group"), ALL]),
    ],
)  # fmt: skip
def test_issue_takes_groups_that_qualify_one_another_together(language, text, combined):
    (issue,) = propose(document(("1", text), language=language), LIVES)
    assert [names for names in issue.breakdowns if len(names) > 1] == combined


# ---------------------------------------------------------------- ages and rows


@pytest.mark.parametrize(
    ("language", "text", "population"),
    [
        ("en", "the schooling of women aged 15 to 60 in towns", "women aged 15 to 60"),
        ("en", "women aged 15-49", "women aged 15-49"),
        ("en", "persons aged 15 and over", "persons aged 15 and over"),
        ("en", "people aged 15 or older", "people aged 15 or older"),
        ("en", "children under 5", "children under 5"),
        ("en", "children under the age of 5 years", "children under the age of 5 years"),
        ("en", "children under 36 months of age", "children under 36 months of age"),
        ("en", "girls between 10 and 14 years", "girls between 10 and 14 years"),
        ("en", "persons 15 years of age and over", "persons 15 years of age and over"),
        ("en", "women under 5 % and men over 60.5 %", ""),
        ("en", "women from 20 towns", ""),
        ("fr", "les femmes âgées de 15 à 49 ans", "femmes âgées de 15 à 49 ans"),
        ("fr", "les personnes de 15 ans et plus", "personnes de 15 ans et plus"),
        ("fr", "les enfants de moins de 36 mois", "enfants de moins de 36 mois"),
        ("es", "las mujeres de 15 a 49 años", "mujeres de 15 a 49 años"),
        ("es", "las personas de 15 años y más", "personas de 15 años y más"),
        ("es", "los niños menores de 5 años", "niños menores de 5 años"),
        ("vi", "phụ nữ từ 15 đến 60 tuổi", "phụ nữ từ 15 đến 60 tuổi"),
        ("vi", "người từ 15 tuổi trở lên", "người từ 15 tuổi trở lên"),
        ("vi", "trẻ em dưới 36 tháng tuổi", "trẻ em dưới 36 tháng tuổi"),
        ("vi", "phụ nữ trong độ tuổi 15-49", "phụ nữ trong độ tuổi 15-49"),
    ],
)
def test_reference_population_keeps_the_whole_age(language, text, population):
    assert find_population(text, language, ()) == population


@pytest.mark.parametrize(
    ("row", "action"),
    [
        ("Field: Trade; Target: Women are to own 20 % of shops by 2027; Base 2020: 9 %",
         "Trade: Women are to own 20 % of shops by 2027"),
        ("Target: Women are to own 20 % of shops by 2027; Body: Ministry",
         "Women are to own 20 % of shops by 2027"),
        ("Field: Trade; First: Shops shall pay women; Then: Towns shall train girls.",
         "Trade: Shops shall pay women. Towns shall train girls"),
        ("Target: Promote the trade of women; 2027: 20 %; 2032: 30 %",
         "Promote the trade of women; 2027: 20 %; 2032: 30 %"),
    ],
)  # fmt: skip
def test_action_of_a_row_is_the_sentence_in_it_behind_its_field(row, action):
    found = document(("1", row))
    found = replace(found, passages=(replace(found.passages[0], kind="row"),))
    (issue,) = propose(found, VOCABULARY)
    assert issue.action == action
