"""Tell what part of life a text speaks of: social, economic, environmental or institutional."""

from collections.abc import Iterator
from typing import Final

from everycount.model.vocabulary import DIMENSIONS, Dimension
from everycount.policy.words import compiled, expression

TOPICS: Final = compiled(
    {
        "en": {
            "social": r"health\w* | educat\w* | school\w* | literacy | illitera\w* | violence | "
            r"harass\w* | discriminat\w* | (?:in)?equal\w* | gender | empower\w* | marriages? | "
            r"divorce | reproductive | family planning | maternity | paternity | childbirth | "
            r"breast ?feed\w* | nutrition | malnutrition | food | housing | shelter | sanitation "
            r"| "
            r"social (?:protection|security|insurance|assistance) | pensions? | traffick\w* | "
            r"mortality | births? | disabilit\w* | human rights | women[’']s rights | "
            r"rights of (?:the )?(?:child|women|girl)\w* | care work | housework | domestic work "
            r"| "
            r"awareness | indecent | rape | abuse\w* | exploitation | stereotypes? | train(?:s|"
            r"ed|ing)? | "
            r"participat\w* | well-?being",
            "economic": r"employ(?:ment|ed|ees?|er|ers) | jobs? | wages? | salar(?:y|ies) | "
            r"income | "
            r"poverty | unemploy\w* | labou?r | credit | loans? | land | inheritance | "
            r"entrepreneur\w* | enterprises? | econom(?:y|ic) | markets? | livelihoods? | trade | "
            r"agricultur\w* | right to property | property rights | financial services | work | "
            r"equal pay | workplaces? | dismiss\w* | fire",
            "environmental": r"environment\w* | climate | forests? | biodiversity | pollution | "
            r"drinking water | water resources | emissions? | energy | ecosystems? | oceans? | "
            r"disasters? | deforestation",
            "institutional": r"disaggregated | data | seats in (?:the )?parliament | "
            r"parliamentar(?:y|ians?) | "
            r"representation | decision-? ?making | leadership | "
            r"statistics | statistical | indicators? | gender mainstreaming | public services? | "
            r"access to justice | law reforms? | accountab\w* | corruption | elections?",
        },
        "fr": {
            "social": r"santé | éducati\w* | écoles? | scolaris\w* | alphabétis\w* | analphab\w* "
            r"| "
            r"violences? | harcèlement | discriminat\w* | (?:in)?égalités? | égale?s? | genre | "
            r"autonomisation | mariages? | divorce | maternité | paternité | naissances? | "
            r"nutrition | alimenta\w* | logement | hébergement | assainissement | protection "
            r"sociale"
            r" | sécurité sociale | pensions? | traite | mortalité | handicap\w* | "
            r"droits (?:humains|de l['’]homme|des femmes|de l['’]enfant) | sensibilis\w* | "
            r"stéréotypes? | formation\w* | participation | exploitation | planification "
            r"familiale",
            "economic": r"emplois? | salaires? | salari\w* | revenus? | pauvreté | chômage | "
            r"travail | "
            r"crédits? | prêts? | terres? | foncier\w* | héritage | succession | entrepren\w* | "
            r"entreprises? | économi\w* | marchés? | agricol\w* | agriculture | licenci\w*",
            "environmental": r"environnement\w* | climat\w* | forêts? | biodiversité | pollution "
            r"| "
            r"eau potable | ressources en eau | émissions? | énergie | écosystèmes? | océans?",
            "institutional": r"données | ventilée?s? | sièges au parlement | parlementaires? | "
            r"représentation | prises? "
            r"de décision | parité | "
            r"statisti\w* | indicateurs? | services publics | accès à la justice | élections? | "
            r"postes de (?:décision|responsabilité)",
        },
        "es": {
            "social": r"salud | educa\w* | escuelas? | escolar\w* | alfabet\w* | analfabet\w* | "
            r"violencias? | acoso | discrimina\w* | (?:des)?igualdad\w* | género | empodera\w* | "
            r"matrimonios? | divorcio | maternidad | paternidad | nacimientos? | nacidos | "
            r"nutrición |"
            r" alimenta\w* | vivienda | saneamiento | protección social | seguridad social | "
            r"pensiones | trata | mortalidad | discapacidad | derechos (?:humanos|de las "
            r"mujeres) | "
            r"sensibiliza\w* | estereotipos? | formación | capacitación | participación | "
            r"explotación",
            "economic": r"empleos? | salari\w* | ingresos? | pobreza | desempleo | trabajo | "
            r"laboral\w* |"
            r" créditos? | préstamos? | tierras? | herencia | emprend\w* | empresa\w* | "
            r"económic\w* | "
            r"economía | mercados? | agrícola\w* | agricultura | despid\w*",
            "environmental": r"medio ambiente | ambiental\w* | clima\w* | bosques? | "
            r"biodiversidad | "
            r"contaminación | agua potable | recursos hídricos | emisiones | energía | "
            r"ecosistemas?",
            "institutional": r"datos | desagregad[oa]s? | escaños | parlamentari\w* | "
            r"representación | toma de decisiones | "
            r"paridad | "
            r"estadístic\w* | indicadores | servicios públicos | acceso a la justicia | "
            r"elecciones | "
            r"cargos directivos",
        },
        "vi": {
            "social": r"sức khỏe | sức khoẻ | y tế | giáo dục | đào tạo | học tập | đi học | "
            r"nhập học | "
            r"biết chữ | mù chữ | bạo lực | quấy rối | phân biệt đối xử | bình đẳng | giới | "
            r"kết hôn | tảo hôn | hôn nhân | ly hôn | thai sản | sinh con | dinh dưỡng | nhà ở | "
            r"bảo hiểm xã hội | an sinh xã hội | mua bán người | tử vong | khuyết tật | "
            r"quyền con người | công việc nhà | việc nhà | nhận thức | định kiến | gia đình | "
            r"giới tính khi sinh | chăm sóc",
            "economic": r"việc làm | lao động | tiền lương | thu nhập | nghèo | thất nghiệp | "
            r"vay vốn | "
            r"tín dụng | đất đai | thừa kế | doanh nghiệp | kinh tế | thị trường | nông nghiệp | "
            r"sa thải | doanh nhân",
            "environmental": r"môi trường | khí hậu | rừng | đa dạng sinh học | ô nhiễm | nước "
            r"sạch | "
            r"phát thải | năng lượng | hệ sinh thái",
            "institutional": r"số liệu | dữ liệu | đại biểu quốc hội | đại biểu hội đồng nhân "
            r"dân | đại diện | lãnh "
            r"đạo | quản lý nhà nước | "
            r"thống kê | lồng ghép giới | dịch vụ công | bầu cử | cấp ủy | chính trị",
        },
    }
)
"""Subjects of gender statistics, our own lists; the subjects of the frameworks shipped are in."""
OUTCOMES: Final = {
    "en": expression(
        r"protect\w* | promot\w* | equal\w* | empower\w* | prevent\w* | eliminat\w* | advanc\w* | "
        r"improv\w* | increas\w* | reduc\w* | strengthen\w* | assist\w* | support\w* | awareness "
        r"| "
        r"ensur\w* | access | entertaining | safeguard\w* | fulfil\w*"
    ),
    "fr": expression(
        r"proté\w* | protection | promo\w* | égal\w* | autonomis\w* | préven\w* | élimin\w* | "
        r"amélior\w* | augment\w* | rédu\w* | renforc\w* | aid\w* | souten\w* | sensibilis\w* | "
        r"garanti\w* | assur\w* | accès"
    ),
    "es": expression(
        r"prote\w* | promo\w* | igual\w* | empodera\w* | preven\w* | elimin\w* | mejor\w* | "
        r"aument\w* | redu\w* | fortale\w* | apoy\w* | asist\w* | sensibiliz\w* | garanti\w* | "
        r"asegur\w* | acceso"
    ),
    "vi": expression(
        r"bảo vệ | thúc đẩy | bình đẳng | trao quyền | phòng ngừa | phòng, chống | xóa bỏ | xoá "
        r"bỏ | "
        r"nâng cao | tăng | giảm | tăng cường | hỗ trợ | bảo đảm | đảm bảo | tiếp cận"
    ),
}
"""Words of change in the situation of people."""
SHARES: Final = {
    "en": expression(r"(?:appropriate|fair|equal|adequate|suitable|due|proper|certain|minimum) "
                     r"(?:share|proportion|percentage|ratio)s? | quotas? | "
                     r"gender (?:parity|balance) | share of women | proportion of women"),
    "fr": expression(r"(?:part|proportion|pourcentage) (?:appropriée?|équitable|adéquate|"
                     r"convenable|égale|minimale?) | juste (?:part|proportion) | quotas? | "
                     r"parité | (?:part|proportion) (?:de |des )femmes"),
    "es": expression(r"(?:proporción|porcentaje|parte) (?:adecuad[oa]|apropiad[oa]|justa|mínim[oa]|"
                     r"equitativ[oa]|igual) | cuotas? | paridad | "
                     r"(?:proporción|porcentaje) de (?:las )?mujeres"),
    "vi": expression(r"t[ỷỉ] lệ (?:\w+ )?(?:thích đáng|phù hợp|thích hợp|hợp lý|tối thiểu) | "
                     r"t[ỷỉ] lệ (?:nữ|phụ nữ) | cân bằng giới"),
}  # fmt: skip
"""How a share that people are to have is spoken of without a figure."""


def find_topics(text: str, language: str) -> Iterator[tuple[Dimension, str]]:
    """Yield the words of a text that name a subject, with its dimension.

    Parameters
    ----------
    text : str
        Any text.
    language : str
        Its language: en, fr, es or vi.

    Examples
    --------
    >>> list(find_topics("Equal wages and clean energy", "en"))
    [('social', 'Equal'), ('economic', 'wages'), ('environmental', 'energy')]
    """
    for dimension in DIMENSIONS:
        for found in TOPICS[language][dimension].finditer(text):
            yield dimension, found.group()
