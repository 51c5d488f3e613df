"""Targets of clauses: years, baselines, changes, slots and rows of tables."""

from dataclasses import replace

import pytest

from everycount.policy.clauses import clause_of
from everycount.policy.targets import find_targets


def read(text, language="en", kind="clause"):
    clause = clause_of(text, language)
    clause = replace(clause, passage=replace(clause.passage, kind=kind))
    return find_targets(clause, clause.sentences(), "7")


def short(text, language="en"):
    return [
        (t.comparator, t.value, t.upper, t.unit, t.year, t.baseline, t.baseline_year)
        for t in read(text, language)
    ]


@pytest.mark.parametrize(
    ("text", "language", "targets"),
    [
        (
            "At least 60% of heads are women by 2025 and at least 75% by 2030.",
            "en",
            [
                ("at least", 60, None, "%", 2025, None, None),
                ("at least", 75, None, "%", 2030, None, None),
            ],
        ),
        (
            "By 2025, 60% of heads and by 2030 75% of heads are women.",
            "en",
            [
                ("equal to", 60, None, "%", 2025, None, None),
                ("equal to", 75, None, "%", 2030, None, None),
            ],
        ),
        (
            "Reduce unemployment from 24 % in 2010 to 12 % in 2015.",
            "en",
            [("equal to", 12, None, "%", 2015, 24, 2010)],
        ),
        (
            "Raise it from 30 to 40 per cent by 2030.",
            "en",
            [("equal to", 40, None, "%", 2030, 30, None)],
        ),
        (
            "Keep it from 30 to 40 per cent by 2030.",
            "en",
            [("between", 30, 40, "%", 2030, None, None)],
        ),
        (
            "Reduce deaths by 20 % by 2030, compared with 2015.",
            "en",
            [("change by", -20, None, "%", 2030, None, 2015)],
        ),
        ("Reduce it by half.", "en", [("change by", -50, None, "%", None, None, None)]),
        (
            "Increase pay by 5 percentage points.",
            "en",
            [("change by", 5, None, "percentage points", None, None, None)],
        ),
        (
            "Reach 30 % by 2030 (baseline: 24 % in 2019).",
            "en",
            [("equal to", 30, None, "%", 2030, 24, 2019)],
        ),
        (
            "Up from 24 % the share is to be 30 %.",
            "en",
            [("equal to", 30, None, "%", None, 24, None)],
        ),
        ("Signed by 20 % of members.", "en", [("equal to", 20, None, "%", None, None, None)]),
        (
            "40% of loans and 2 times the pay",
            "en",
            [
                ("equal to", 40, None, "%", None, None, None),
                ("equal to", 2, None, "times", None, None, None),
            ],
        ),
        (
            "Porter la part des femmes de 24 % en 2010 à 30 % en 2015.",
            "fr",
            [("equal to", 30, None, "%", 2015, 24, 2010)],
        ),
        (
            "Réduire de 20 % la mortalité d'ici 2030.",
            "fr",
            [("change by", -20, None, "%", 2030, None, None)],
        ),
        (
            "Aumentar la tasa del 24 % en 2010 al 30 % en 2015.",
            "es",
            [("equal to", 30, None, "%", 2015, 24, 2010)],
        ),
        (
            "Reducir a la mitad la mortalidad para 2030.",
            "es",
            [("change by", -50, None, "%", 2030, None, None)],
        ),
        (
            "Tăng tỷ lệ nữ từ 24% năm 2010 lên ít nhất 30% năm 2015.",
            "vi",
            [("at least", 30, None, "%", 2015, 24, 2010)],
        ),
    ],
)
def test_targets_have_values_years_and_baselines(text, language, targets):
    assert short(text, language) == targets


@pytest.mark.parametrize(
    ("text", "language", "measure", "numerator", "denominator"),
    [
        (
            "60% of heads of agencies are women by 2025.",
            "en",
            "of heads of agencies are women",
            "women",
            "heads of agencies",
        ),
        (
            "Of the total number of new jobs, the percentage of women shall reach 40%.",
            "en",
            "percentage of women",
            "women",
            "new jobs",
        ),
        (
            "Raise the share of women among owners of firms to 30 %.",
            "en",
            "share of women among owners of firms",
            "women",
            "owners of firms",
        ),
        (
            "Reduce the unemployment rate of women in towns to 5%.",
            "en",
            "the unemployment rate of women in towns",
            "",
            "women in towns",
        ),
        ("Sex ratio at birth: 111 boys per 100 girls.", "en", "Sex ratio at birth", "", ""),
        ("the number of shelters rises 2 times", "en", "number of shelters", "", ""),
        ("Reach 30 % by 2030", "en", "", "", ""),
        ("Ramener le taux de chômage des femmes à 5 %.", "fr", "taux de chômage des femmes", "",
         "femmes"),
        ("Ramener le taux de chômage à 5 %.", "fr", "taux de chômage", "", ""),
        ("Au moins 60 % des chefs sont des femmes.", "fr", "des chefs sont des femmes", "femmes",
         "chefs"),
        ("El 50 % de los cargos serán ocupados por mujeres.", "es",
         "de los cargos serán ocupados por mujeres", "ocupados por mujeres", "cargos"),
        ("Tỷ lệ nữ trong tổng số đại biểu đạt 35%.", "vi", "Tỷ lệ nữ trong tổng số đại biểu", "nữ",
         "đại biểu"),
        ("Có 60% số cơ quan có lãnh đạo là nữ.", "vi", "số cơ quan có lãnh đạo là nữ",
         "lãnh đạo là nữ", "cơ quan"),
        ("Đạt 60% phụ nữ nông thôn.", "vi", "phụ nữ nông thôn", "", ""),
    ],
)  # fmt: skip
def test_targets_name_what_is_counted_and_out_of_what(
    text, language, measure, numerator, denominator
):
    target = read(text, language)[0]
    found = (target.measure, target.numerator, target.denominator)
    assert found == (measure, numerator, denominator)


def test_targets_are_numbered_unconfirmed_and_point_at_their_words():
    first, second = read("Reach 40% of girls by 2025 and 50% by 2030.")
    assert (first.id, second.id) == ("7-t1", "7-t2")
    assert first.decision.status == second.decision.status == "proposed"
    assert (first.words.words, second.words.words) == ("40%", "50%")
    assert first.measure == second.measure


def test_targets_of_two_measures_in_one_sentence_keep_apart():
    first, second = read("Lend to 80% of poor women and make 50% of borrowers women by 2005.")
    assert first.denominator == "poor women and make"
    assert second.denominator == "borrowers women"
    assert [first.year, second.year] == [2005, 2005]


def test_targets_whose_words_come_last_share_them():
    first, second = read("Đến năm 2025 đạt 60% và đến năm 2030 đạt 75% số cơ quan có nữ.", "vi")
    assert first.denominator == second.denominator == "cơ quan"
    assert (first.year, second.year) == (2025, 2030)


def test_target_row_takes_years_and_baseline_from_heads():
    row = "Target: Women who own firms; Unit: %; Baseline 2020: 24; 2025: 27; 2030: at least 30 %"
    found = read(row, kind="row")
    assert [(t.value, t.year, t.baseline, t.baseline_year, t.unit) for t in found] == [
        (27, 2025, 24, 2020, "%"),
        (30, 2030, 24, 2020, "%"),
    ]
    assert {t.measure for t in found} == {"Women who own firms"}


def test_target_row_reads_a_year_in_the_cell_and_no_figure_without_a_head():
    (target,) = read("Measure: Literacy; Target: 95 % by 2030; Remark: 3 % a year", kind="row")
    assert (target.value, target.year, target.baseline) == (95, 2030, None)


def test_target_row_without_figure_has_none():
    assert read("Target: Equal pay; Body: Ministry", kind="row") == ()
    assert read("Measure: Pay; 2030: 7", kind="row") == ()


def test_target_row_target_without_year():
    (target,) = read("Indicator: Literacy; Target: 95 %", kind="row")
    assert target.year is None


def test_target_row_baseline_without_figure_or_year():
    (target,) = read("Chỉ tiêu: Biết chữ; Hiện trạng: chưa rõ; 2030: 98%", "vi", kind="row")
    assert (target.value, target.baseline, target.baseline_year) == (98, None, None)


# ---------------------------------------------------------------- rows that hold a sentence


def slots(target):
    return target.measure, target.numerator, target.denominator


def test_target_row_with_a_sentence_is_read_as_prose():
    row = "Field: Trade; Goal: Women are to own 20 % of shops by 2027 and more than 25 % by 2032"
    first, second = read(row, kind="row")
    assert [(t.comparator, t.value, t.year) for t in (first, second)] == [
        ("equal to", 20, 2027),
        ("more than", 25, 2032),
    ]
    assert (
        slots(first)
        == slots(second)
        == (
            "Women are to own … of shops",
            "women-owned shops",
            "shops",
        )
    )
    assert first.decision.status == "proposed"
    assert first.words.start == row.index("20 %")


@pytest.mark.parametrize(
    ("row", "language", "target", "names"),
    [
        ("Lĩnh vực: Thương mại; Chỉ tiêu: Phụ nữ làm chủ 20% cửa hàng vào năm 2027", "vi",
         (20, 2027), ("Phụ nữ làm chủ … cửa hàng", "cửa hàng do phụ nữ làm chủ", "cửa hàng")),
        ("Domaine : Commerce; Cible : Les femmes doivent posséder 20 % des boutiques d'ici à 2027",
         "fr", (20, 2027), ("Les femmes doivent posséder … des boutiques",
                            "boutiques que les femmes doivent posséder", "boutiques")),
        ("Ámbito: Comercio; Meta: Las mujeres deberán ocupar el 20 % de los puestos para 2027",
         "es", (20, 2027), ("Las mujeres deberán ocupar … de los puestos",
                            "puestos que las mujeres deberán ocupar", "puestos")),
        ("Field: Trade; Target: 20 % of shops owned by women by 2027", "en", (20, 2027),
         ("of shops owned by women", "", "shops owned by women")),
        ("Field: Health; Target: Reduce anaemia of mothers to 9 % by 2027", "en", (9, 2027),
         ("anaemia of mothers", "", "")),
        ("Field: Work; 2027: 20 % of apprentices are girls", "en", (20, 2027),
         ("of apprentices are girls", "girls", "apprentices")),
    ],
)  # fmt: skip
def test_target_row_takes_the_measure_from_the_sentence_and_not_from_a_label(
    row, language, target, names
):
    (found,) = read(row, language, kind="row")
    assert (found.value, found.year) == target
    assert slots(found) == names


def test_target_row_leaves_the_measure_to_a_column_that_names_it():
    row = "Field: Trade; Indicator: Women who own shops; Target: 20 % in all provinces"
    (target,) = read(row, kind="row")
    assert slots(target) == ("Women who own shops", "", "")
    (target,) = read("What: Women with many shops; Goal: 20 % in all towns", kind="row")
    assert target.measure == "Women with many shops"
    (target,) = read("What: Shops; Unit: shops of women; 2027: 20 % in all towns", kind="row")
    assert target.measure == "in all towns"
    (target,) = read("Field: Health; Indicator: Anaemia; Target: Reduce to 9 %", kind="row")
    assert target.measure == "Anaemia"


def test_target_row_sentence_takes_the_baseline_and_the_year_of_other_cells():
    row = (
        "2027: Women are to run 20 % of shops; 2032: Women are to run 30 % of shops, "
        "compared with 10 %; Baseline 2020: 12 %"
    )
    found = read(row, kind="row")
    assert [(t.value, t.year, t.baseline, t.baseline_year) for t in found] == [
        (20, 2027, 12, 2020),
        (30, 2032, 10, None),
    ]


def test_target_row_takes_no_baseline_of_another_unit_and_none_for_a_target():
    row = "Goal: Shops are to hire at least 3 girls; Base 2020: 12 %; Base 2021: 14 % in towns"
    (target,) = read(row, kind="row")
    assert (target.value, target.unit, target.baseline, target.baseline_year) == (
        3,
        "girls",
        None,
        None,
    )


# ---------------------------------------------------------------- holders, ages, periods


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("By 2030, women must hold 40 % of posts.", "en",
         ("women must hold … of posts", "women-held posts", "posts")),
        ("Women shall hold 40 % of seats of town councils by 2030.", "en",
         ("Women shall hold … of seats of town councils",
          "seats of town councils held by women", "seats of town councils")),
        ("Women will make up 40 % of judges by 2030.", "en",
         ("Women will make up … of judges", "women", "judges")),
        ("Les femmes représenteront 40 % des juges.", "fr",
         ("Les femmes représenteront … des juges", "femmes", "juges")),
        ("Las mujeres representarán el 40 % de los jueces.", "es",
         ("Las mujeres representarán … de los jueces", "mujeres", "jueces")),
        ("Phụ nữ chiếm ít nhất 40% thẩm phán.", "vi",
         ("Phụ nữ chiếm … thẩm phán", "phụ nữ", "thẩm phán")),
        ("40 % of nurses shall be trained.", "en",
         ("of nurses shall be trained", "trained", "nurses")),
        ("70 % of men who are not yet in work are to receive advice.", "en",
         ("of men who are not yet in work are to receive advice", "receive advice",
          "men who are not yet in work")),
        ("40 % des juges doivent être des femmes.", "fr",
         ("des juges doivent être des femmes", "femmes", "juges")),
        ("The enrolment rate of girls aged 6 to 11 is to reach 98 %.", "en",
         ("The enrolment rate of girls aged 6 to 11", "", "girls aged 6 to 11")),
        ("Le taux d'activité des femmes de 15 à 60 ans doit atteindre 70 %.", "fr",
         ("taux d'activité des femmes de 15 à 60 ans", "", "femmes de 15 à 60 ans")),
        ("La tasa de empleo de las mujeres de 15 a 60 años alcanzará el 70 %.", "es",
         ("tasa de empleo de las mujeres de 15 a 60 años", "", "mujeres de 15 a 60 años")),
        ("Tỷ lệ có việc làm của phụ nữ từ 15 đến 60 tuổi đạt 70%.", "vi",
         ("Tỷ lệ có việc làm của phụ nữ từ 15 đến 60 tuổi",
          "có việc làm của phụ nữ từ 15 đến 60 tuổi", "")),
    ],
)  # fmt: skip
def test_targets_say_who_holds_and_keep_ages_whole(text, language, names):
    assert slots(read(text, language)[0]) == names


@pytest.mark.parametrize(
    ("text", "language", "denominator"),
    [
        ("Women are to hold 35 % of seats in the term 2016 to 2021.", "en", "seats"),
        ("Women are to hold 35 % of seats between 2016 and 2021.", "en", "seats"),
        ("Women are to hold 35 % of seats for the period 2016-2021.", "en", "seats"),
        ("Les femmes doivent occuper 35 % des sièges pour la période 2016-2021.", "fr", "sièges"),
        ("Les femmes doivent occuper 35 % des sièges entre 2016 et 2021.", "fr", "sièges"),
        ("Las mujeres deberán ocupar el 35 % de los escaños en el período 2016-2021.", "es",
         "escaños"),
        ("Phụ nữ giữ 35% số ghế trong giai đoạn 2016-2021.", "vi", "ghế"),
        ("Phụ nữ giữ 35% số ghế từ năm 2016 đến năm 2021.", "vi", "ghế"),
    ],
)  # fmt: skip
def test_targets_of_a_period_end_with_it(text, language, denominator):
    (target,) = read(text, language)
    assert (target.year, target.baseline_year) == (2021, None)
    assert target.denominator == denominator


def test_rows_with_a_figure_that_is_a_slip_have_no_target():
    row = f"Target: Women who own firms; Unit: %; Baseline 2020: 24; 2030: {'9' * 20}"
    assert read(row, kind="row") == ()
