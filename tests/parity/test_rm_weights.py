"""FAO's own software for the food insecurity scale: RM.weights 2.0 on the four countries it ships.

Severities and counts of raw scores below are what its function RM.w found (weighted answers of
about 1,000 adults each); what follows from them is compared with what RM.w, prob.assign and
equating.fun made of them.
"""

import numpy as np
import pytest

from everycount.arrays.equating import equate, share_beyond
from everycount.arrays.rasch import person_reliability, person_severities
from everycount.survey.food_insecurity import GLOBAL_SCALE, ITEMS, THRESHOLDS

STANDARD = np.array([GLOBAL_SCALE[item] for item in ITEMS])

COUNTRIES = {
    "1": {
        "severity": (
            *(-0.49240210275801, -0.364658796861839, -0.997214610439352, 0.222744058108266),
            *(-0.701799698474884, 0.12404308833016, 0.536512436285809, 1.67271255368063),
        ),
        "people": (
            *(167.076104203143, 37.7980617396648, 27.071670915049, 40.560890467267),
            *(42.5654795727511, 56.0096307695527, 80.7165995362627, 128.60802555465),
            413.644587559405,
        ),
        "where": (
            *(-2.9336491972697, -2.14729853095346, -1.24833721515423, -0.603598328830856),
            *(-0.0287570763731228, 0.555966134833993, 1.23189326070825, 2.18697697563507),
            3.01139311941363,
        ),
        "error": (
            *(1.47675009431063, 1.0919157037794, 0.848966978023134, 0.770359310767096),
            *(0.753902486699865, 0.783254539181137, 0.873931851814518, 1.12332374706843),
            1.47675009431063,
        ),
        "reliability": 0.685326916831615,
        "flat": 0.696992807718025,
        "at_own": (0.743694425740055, 0.457623782673346),
        "scale": 1.05987260793141,
        "shift": 0.19364482959766,
        "apart": {"worried", "healthy"},
        "correlation": 0.983931178201935,
        "thresholds": (-0.476891964010802, 1.58687983613894),
        "prevalence": (0.726867194109594, 0.471376555558857),
    },
    "2": {
        "severity": (
            *(-1.59275822160225, -0.758694136456774, -0.366613440255123, -0.242355527509045),
            *(-0.435572803853473, 0.248516567380477, 0.87386454757725, 2.27357407667601),
        ),
        "people": (
            *(143.437334640784, 48.7574149079607, 38.105163671373, 74.4711837438949),
            *(76.7808736574832, 58.3402452081793, 110.343935933766, 109.727045242506),
            332.194961578368,
        ),
        "where": (
            *(-3.11451218367006, -2.30462001395718, -1.35830473941224, -0.672776623405862),
            *(-0.0610053873644295, 0.578772065743563, 1.32592732175603, 2.38735055780565),
            3.27797814721563,
        ),
        "error": (
            *(1.49353841968474, 1.11317965136677, 0.872399831209595, 0.795904081196381),
            *(0.783565714059441, 0.820727290025123, 0.922712452455984, 1.17781883230311),
            1.49353841968474,
        ),
        "reliability": 0.702095713310782,
        "flat": 0.714334862378009,
        "at_own": (0.692370249228149, 0.328649438202026),
        "scale": 0.842780649870794,
        "shift": 0.0402470756376148,
        "apart": {"few_foods", "skipped"},
        "correlation": 0.989257237126362,
        "thresholds": (-0.417720762444637, 2.17765823722193),
        "prevalence": (0.69035162601021, 0.342192896645007),
    },
    "3": {
        "severity": (
            *(-1.36624451996192, -0.643437039194477, -1.00458762323824, 0.79715522210026),
            *(-0.485061019484211, 0.456013068482885, 0.296882293301911, 1.94919809563306),
        ),
        "people": (
            *(30.0550660624381, 48.8265911150058, 52.967075835418, 89.5892875188186),
            *(108.272925700292, 91.4637484517301, 126.768676680011, 201.0571358247),
            237.269829104014,
        ),
        "where": (
            *(-3.08486644178162, -2.2867679224096, -1.34158591679406, -0.649084457222249),
            *(-0.030768415796763, 0.601687845508651, 1.31996725441216, 2.3243332581759),
            3.17295263473347,
        ),
        "error": (
            *(1.48899526265033, 1.11173586397731, 0.873336986333253, 0.798574717510343),
            *(0.78405132732203, 0.812912077295815, 0.900318946593101, 1.14414417604875),
            1.48899526265033,
        ),
        "reliability": 0.690594878838256,
        "flat": 0.712635021041486,
        "at_own": (0.779599352707243, 0.355594160600208),
        "scale": 0.949293407992308,
        "shift": -0.0675297010541722,
        "apart": {"hungry"},
        "correlation": 0.983312596437335,
        "thresholds": (-0.257317913396705, 2.04685399128982),
        "prevalence": (0.745227373698891, 0.338902030731337),
    },
    "4": {
        "severity": (
            *(-0.751848876486335, -2.16887486065775, -2.62853800075834, -0.016096188964383),
            *(-0.595441172081617, 1.36306995301662, 1.64265012539641, 3.15508797617666),
        ),
        "people": (
            *(222.121252461618, 74.3136948968597, 98.3180541828229, 104.788140548729),
            *(79.4651069598207, 96.746431357569, 67.5052009654314, 76.194441509332),
            174.492758981759,
        ),
        "where": (
            *(-3.84149998945869, -2.94786029628372, -1.801737649751, -0.894587057292462),
            *(-0.0542172311611028, 0.811151006944503, 1.77783397159007, 3.01745239170401),
            3.98265729933529,
        ),
        "error": (
            *(1.54524451557743, 1.19349456086745, 0.989384467989268, 0.924744737930407),
            *(0.916137924026647, 0.948243108645559, 1.02686358756884, 1.24500031806626),
            1.54524451557743,
        ),
        "reliability": 0.760248050012882,
        "flat": 0.771477147356735,
        "at_own": (0.519590307429189, 0.165303875219196),
        "scale": 0.488150696125463,
        "shift": 0.122290939408505,
        "apart": {"worried"},
        "correlation": 0.980863393936596,
        "thresholds": (-0.889255803287715, 3.5916047534241),
        "prevalence": (0.552125243335568, 0.132817658033108),
    },
}


@pytest.fixture(params=COUNTRIES, ids="country-{}".format)
def country(request):
    return {
        key: np.array(value) if isinstance(value, tuple) else value
        for key, value in COUNTRIES[request.param].items()
    }


def test_people_stand_where_rm_weights_puts_them(country):
    """Its severities meet their own equation to a hundredth of a point; ours to 1e-12."""
    severity = country["severity"]
    scores = np.array([0.5, 1, 2, 3, 4, 5, 6, 7, 7.5])
    where, error = person_severities(severity)

    def expected(at):
        return (1 / (1 + np.exp(severity - at[:, None]))).sum(axis=1)

    np.testing.assert_allclose(expected(where), scores, atol=1e-12)
    np.testing.assert_allclose(expected(country["where"]), scores, atol=0.01)
    np.testing.assert_allclose(where, country["where"], atol=0.007)
    np.testing.assert_allclose(error, country["error"], atol=0.003)
    assert error[-1] == error[0]
    assert country["error"][-1] == country["error"][0]


def test_the_same_items_are_common_and_the_metric_is_the_same(country):
    found = equate(country["severity"], STANDARD)
    apart = {item for item, common in zip(ITEMS, found.common, strict=True) if not common}
    assert apart == country["apart"]
    assert found.scale == pytest.approx(country["scale"], rel=1e-12)
    assert found.shift == pytest.approx(country["shift"], rel=1e-11)
    assert found.correlation == pytest.approx(country["correlation"], rel=1e-12)
    standard = [GLOBAL_SCALE[item] for item in THRESHOLDS.values()]
    np.testing.assert_allclose(found.from_standard(standard), country["thresholds"], rtol=1e-12)


def test_prevalence_is_the_same(country):
    where, error = person_severities(country["severity"])
    shares = country["people"] / country["people"].sum()
    own = country["severity"][[4, 7]]
    for limits, said in ((own, "at_own"), (country["thresholds"], "prevalence")):
        theirs = [share_beyond(country["where"], country["error"], at) @ shares for at in limits]
        np.testing.assert_allclose(theirs, country[said], rtol=1e-12)
        ours = [share_beyond(where, error, at) @ shares for at in limits]
        np.testing.assert_allclose(ours, country[said], atol=3e-4)  # by where people stand


def test_reliability_is_the_same(country):
    found = person_reliability(country["severity"], country["people"][1:8])
    assert found == pytest.approx(country["reliability"], abs=3e-4)
    flat = person_reliability(country["severity"], np.ones(7))
    assert flat == pytest.approx(country["flat"], abs=3e-4)
