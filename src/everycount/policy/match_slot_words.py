"""Words by which titles in four languages say their measure, their people and their ages."""

from typing import Final

MEASURE: Final = {
    "proportion": {
        "en": r"proportion|percentage|per ?cent(?!ile)|share|prevalence|fraction|coverage|%",
        "fr": r"proportion|pourcentage|part des?|prévalence|%",
        "es": r"proporción|porcentaje|prevalencia|%",
        "vi": r"tỷ lệ|tỉ lệ|phần trăm|tỷ trọng|%",
    },
    "rate": {
        "en": r"rates?|incidence",
        "fr": r"taux|incidence",
        "es": r"tasas?|incidencia",
        "vi": r"tỷ suất|tỉ suất",
    },
    "ratio": {
        "en": r"ratios?|parity|gap",
        "fr": r"ratio|rapport|écart|parité",
        "es": r"razón|brecha|paridad",
        "vi": r"tỷ số|tỉ số|khoảng cách",
    },
    "index": {"en": r"index|indices", "fr": r"indices?", "es": r"índices?", "vi": r"chỉ số"},
    "average": {
        "en": r"average|mean|median|life expectancy",
        "fr": r"moyenne?s?|médiane?|espérance de vie",
        "es": r"promedio|medi[ao]|mediana|esperanza de vida",
        "vi": r"trung bình|bình quân|tuổi thọ",
    },
    "amount": {
        "en": r"amount|volume|expenditure|spending|total value|funds",
        "fr": r"montant|volume|dépenses?",
        "es": r"monto|volumen|gastos?",
        "vi": r"tổng giá trị|chi tiêu|kinh phí",
    },
    "number": {"en": r"numbers?|count", "fr": r"nombre", "es": r"número", "vi": r"số lượng|số"},
    "existence": {
        "en": r"whether or not|existence|presence of",
        "fr": r"existence",
        "es": r"existencia",
        "vi": r"có hay không|sự tồn tại",
    },
}
"""By kind of measure. Where several words stand in a title, the first of them tells."""
SCALES: Final = (
    frozenset({"proportion", "rate", "ratio"}),
    frozenset({"number", "amount"}),
    frozenset({"index"}),
    frozenset({"average"}),
    frozenset({"existence"}),
)
"""Measures that readers use for one another; a match across two of these is worth a warning."""
PEOPLE: Final = {
    "women": {
        "en": r"wom[ae]n|females?|girls?|wives|wife|mothers?|daughters?|pregnant|widows?|maternal",
        "fr": r"femmes?|filles?|féminin\w*|épouses?|mères?|enceintes?",
        "es": r"mujer(?:es)?|niñas?|femenin\w*|esposas?|madres?|embarazadas?",
        "vi": r"phụ nữ|nữ|bé gái|trẻ em gái|vợ|bà mẹ",
    },
    "men": {
        "en": r"m[ae]n|males?|boys?|husbands?|fathers?|sons?",
        "fr": r"hommes?|garçons?|masculin\w*|maris?|pères?",
        "es": r"hombres?|niños varones|varones|masculin\w*|maridos?|padres",
        "vi": r"nam giới|đàn ông|bé trai|trẻ em trai|người cha",
    },
    "children": {
        "en": r"child(?:ren)?|infants?|newborns?|girls?|boys?|pupils?|under-?5|under-five|minors",
        "fr": r"enfants?|nourrissons?|nouveau-nés?|filles|garçons|élèves",
        "es": r"niñ[oa]s?|lactantes?|recién nacid[oa]s?|menores de edad|alumn[oa]s",
        "vi": r"trẻ em|trẻ sơ sinh|bé gái|bé trai|học sinh",
    },
    "adults": {
        "en": r"adults?",
        "fr": r"adultes?",
        "es": r"adult[oa]s?",
        "vi": r"người lớn|người trưởng thành",
    },
    "young people": {
        "en": r"youths?|young|adolescents?|teenage\w*|adolescence",
        "fr": r"jeunes?|adolescent\w*",
        "es": r"jóvenes|juvenil|adolescentes?",
        "vi": r"thanh niên|vị thành niên",
    },
    "older people": {
        "en": r"older persons?|older people|elderly|pensioners?|old-age",
        "fr": r"personnes âgées|retraités?",
        "es": r"personas mayores|ancian[oa]s|jubilad[oa]s",
        "vi": r"người cao tuổi|người già",
    },
    "persons with disabilities": {
        "en": r"disabilit\w+|disabled",
        "fr": r"handicap\w*",
        "es": r"discapacidad(?:es)?",
        "vi": r"khuyết tật",
    },
    "migrants": {
        "en": r"migrants?|refugees?|asylum seekers?",
        "fr": r"migrant\w*|réfugiés?",
        "es": r"migrantes|refugiad[oa]s",
        "vi": r"người di cư|tị nạn",
    },
    "rural population": {
        "en": r"rural",
        "fr": r"rura\w+",
        "es": r"rural(?:es)?",
        "vi": r"nông thôn",
    },
    "urban population": {
        "en": r"urban|cities",
        "fr": r"urbain\w*",
        "es": r"urban[oa]s?",
        "vi": r"thành thị|đô thị",
    },
    "workers": {
        "en": r"workers?|employees?|employed|labour force|earners?",
        "fr": r"travailleu\w+|salariés?|population active",
        "es": r"trabajador\w*|asalariad[oa]s|población activa",
        "vi": r"người lao động|lao động",
    },
    "employers": {
        "en": r"employers?|entrepreneurs?|enterprises?|business(?:es)?|companies|firms",
        "fr": r"employeurs?|entreprises?|entrepreneur\w*",
        "es": r"empleador\w*|empresas?|empresari[oa]s",
        "vi": r"người sử dụng lao động|doanh nghiệp",
    },
    "teachers": {
        "en": r"teachers?|teaching staff",
        "fr": r"enseignant\w*",
        "es": r"docentes|maestr[oa]s",
        "vi": r"giáo viên|nhà giáo",
    },
    "students": {
        "en": r"students?|pupils?|learners?",
        "fr": r"étudiant\w*|élèves?",
        "es": r"estudiantes?|alumn[oa]s?",
        "vi": r"sinh viên|học sinh",
    },
    "households": {
        "en": r"households?",
        "fr": r"ménages?",
        "es": r"hogar(?:es)?",
        "vi": r"hộ gia đình|hộ",
    },
}
OPPOSITE: Final = (
    ("women", "men"),
    ("children", "adults"),
    ("children", "older people"),
    ("young people", "older people"),
    ("rural population", "urban population"),
    ("workers", "employers"),
    ("teachers", "students"),
)
"""Groups that are not one another; a title that names one of a pair alone is not about the other.
Women and children are no such pair: girls are both."""
AGES: Final = {
    "en": (
        r"(?P<from>\d{1,2})\s*(?:[-–−]|to|and)\s*(?P<to>\d{1,2})\s*(?:years?|-year)",
        r"(?:aged?|ages|between)\s*(?P<from>\d{1,2})\s*(?:[-–−]|to|and)\s*(?P<to>\d{1,2})",
        r"(?P<from>\d{1,2})\s*\+|(?:aged?|ages)\s*(?P<from2>\d{1,2})\s*(?:years?\s*)?(?:and|or)\s*"
        r"(?:over|above|older|more)|(?P<from3>\d{1,2})\s*years?\s*(?:of age\s*)?(?:and|or)\s*"
        r"(?:over|above|older|more)",
        r"(?:under|below|before|younger than|less than)[\s-]*(?:the\s+)?(?:age\s+(?:of\s+)?)?"
        r"(?P<below>\d{1,2})(?!\s*(?:%|per|km))\b",
        r"under[\s-](?P<five>five)",
    ),
    "fr": (
        r"(?P<from>\d{1,2})\s*(?:[-–−]|à)\s*(?P<to>\d{1,2})\s*ans",
        r"(?P<from>\d{1,2})\s*ans\s*(?:et|ou)\s*plus",
        r"(?:moins de|avant)\s*(?P<below>\d{1,2})\s*ans",
    ),
    "es": (
        r"(?P<from>\d{1,2})\s*(?:[-–−]|a)\s*(?P<to>\d{1,2})\s*años",
        r"(?P<from>\d{1,2})\s*años\s*(?:y|o)\s*más",
        r"(?:menores de|antes de los?)\s*(?P<below>\d{1,2})\s*(?:años)?",
    ),
    "vi": (
        r"(?P<from>\d{1,2})\s*(?:[-–−]|đến)\s*(?P<to>\d{1,2})\s*tuổi",
        r"(?P<from>\d{1,2})\s*tuổi\s*trở\s*lên",
        r"(?:dưới|trước)\s*(?P<below>\d{1,2})\s*tuổi",
    ),
}
"""Ways to state an age range, tried in this order."""
BREAKDOWNS: Final = {
    "sex": r"sex|gender|sexe|sexo|giới tính|giới",
    "age": r"ages?|age groups?|âge|edad|nhóm tuổi|tuổi",
    "location": r"locations?|geographic\w*|region|area|residence|urban|rural|lieu|région|milieu"
    r"|lugar|región|zona|vùng|thành thị|nông thôn|nơi cư trú",
    "education": r"educational?|education level|niveau d['’]instruction|nivel educativo|trình độ",
    "disability": r"disabilit\w+|handicap|discapacidad|khuyết tật",
    "wealth": r"wealth|income|quintiles?|richesse|riqueza|ingresos?|thu nhập|mức sống",
    "ethnicity": r"ethnic\w*|indigenous|ethnie|etnia|dân tộc",
    "employment status": r"employment status|statut d['’]emploi|situación laboral"
    r"|tình trạng việc làm",
    "migration status": r"migra\w+ status|migratory status|statut migratoire|condición migratoria",
    "marital status": r"marital status|état civil|estado civil|tình trạng hôn nhân",
    "occupation": r"occupations?|profession|ocupación|nghề nghiệp",
    "sector": r"sectors?|industry|secteur|sector|ngành",
    "cause": r"causes?|causa|nguyên nhân",
    "type": r"types?|form of \w+|kind|tipo|loại",
}
"""Characteristics by the words for them after "by", in any of the four languages."""
