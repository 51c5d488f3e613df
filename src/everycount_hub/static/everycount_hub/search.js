// Search in the browser: suggestions while one writes and, in a copy without a server, the results.
// The same rules, in whole numbers, as everycount.search; tests compare the order of both.
"use strict";
window.everycountSearch = (() => {
  const WORD = /[\p{L}\p{N}\u0300-\u036f\u064b-\u065f\u0670]+(?:[._][\p{L}\p{N}\u0300-\u036f\u064b-\u065f\u0670]+)*/gu;
  const SPELLED = { "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ة": "ه", "ى": "ي", "ـ": "", "ٱ": "ا" };
  const ARTICLES = ["وال", "بال", "كال", "فال", "لل", "ال"];
  const ENDINGS = ["ات", "ون", "ين"];
  const KINDS = { indicator: 12, area: 12, index: 11, group: 10, policy: 10, survey: 9, framework: 8, page: 8, dataset: 6, issue: 6 };
  const [EXACT, PREFIX, ONE_SLIP, TWO_SLIPS] = [10, 6, 5, 3];
  const [STEM, SHORT, LONG, ENOUGH, MOST, NAMED, FAINT, PAIRS, HALF, WORDS, LONGEST] = [3, 5, 9, 5, 7, 3, 25, 3, 2, 12, 20];

  const arabic = (word) => {
    const article = ARTICLES.find((each) => word.startsWith(each) && word.length - each.length >= STEM);
    if (article) word = word.slice(article.length);
    const ending = ENDINGS.find((each) => word.endsWith(each) && word.length - each.length > STEM);
    return ending ? word.slice(0, -ending.length) : word;
  };
  const stemOf = (word) => {
    if (word[0] >= "\u0600" && word[0] <= "\u06ff") return arabic(word);
    if (word.length <= STEM || !word.endsWith("s") || word.endsWith("ss")) return word;
    if (word.endsWith("ies") && word.length > STEM + 2) return word.slice(0, -3) + "y";
    return word.slice(0, -1);
  };
  const wordsOf = (text) =>
    (text.normalize("NFC").toLowerCase().match(WORD) || []).flatMap((marked) => {
      const bare = marked.normalize("NFKD").replace(/\p{Mn}/gu, "");
      const plain = Array.from(bare, (each) => (each in SPELLED ? SPELLED[each] : each)).join("");
      return plain ? [{ stem: stemOf(plain), marked }] : [];
    });

  const pairsOf = (word) => {
    const full = `$${word}$`;
    const found = new Set();
    for (let at = 0; at < full.length - 1; at++) found.add(full.slice(at, at + 2));
    return [...found];
  };
  const byPair = (words) => {
    const found = new Map();
    words.forEach((word, place) => {
      for (const pair of pairsOf(word)) {
        if (found.has(pair)) found.get(pair).push(place);
        else found.set(pair, [place]);
      }
    });
    return found;
  };
  const slips = (one, other, most) => {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let last, before = [], row = Array.from({ length: other.length + 1 }, (_, at) => at);
    for (let at = 1; at <= one.length; at++) {
      [last, before, row] = [before, row, [at]];
      for (let to = 1; to <= other.length; to++) {
        let best = Math.min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (one[at - 1] !== other[to - 1] ? 1 : 0));
        if (at > 1 && to > 1 && one[at - 1] === other[to - 2] && one[at - 2] === other[to - 1]) best = Math.min(best, last[to - 2] + 1);
        row.push(best);
      }
      if (Math.min(...row) > most) return most + 1;
    }
    return Math.min(row[other.length], most + 1);
  };
  const near = (word, known, places) => {
    const allowed = /\d/.test(word) || word.length < SHORT ? 0 : word.length >= LONG ? 2 : 1;
    if (!allowed) return [];
    const own = pairsOf(word);
    const shared = new Map();
    for (const pair of own) for (const place of places.get(pair) || []) shared.set(place, (shared.get(place) || 0) + 1);
    const least = Math.max(1, own.length - 3 * allowed);
    const found = [];
    for (const place of [...shared.keys()].sort((a, b) => a - b)) {
      if (shared.get(place) < least) continue;
      const count = slips(word, known[place], allowed);
      if (count <= allowed) found.push([place, count]);
    }
    const fewest = Math.min(...found.map((each) => each[1]));
    return found.filter((each) => each[1] === fewest);
  };

  // ------------------------------------------------------------ an index, opened
  const open = (given) => {
    const index = { ...given, common: new Set(given.common), placeOf: new Map(given.terms.map((term, at) => [term, at])) };
    index.entries = given.entries.map(([kind, title, lang, address, parameter, goal, area, areas, hasFigures, length]) => ({
      kind, title, lang, address, parameter, goal, area, areas: new Set(areas.map((at) => given.parameters[at])), hasFigures, length,
    }));
    index.byPair = byPair(index.terms);
    index.placeNames = Object.keys(given.places).sort((a, b) => (a < b ? -1 : 1));
    index.places = new Map(Object.entries(given.places));
    index.placesByPair = byPair(index.placeNames);
    return index;
  };
  const saysMore = (index, stem) => {
    const place = index.placeOf.get(stem);
    return place !== undefined && index.posts[place].some((number, at) => at % 2 === 0 && index.entries[number].kind !== "area");
  };
  const named = (index, words) => {
    const key = words.map((each) => each.stem).join("");
    const known = index.places.get(key);
    if (known === undefined || (words.length === 1 && index.common.has(key))) return null;
    if (known.indexOf(words.map((each) => each.marked).join(""), 1) > 0) return known[0];
    return key.length >= ENOUGH || !words.every((each) => saysMore(index, each.stem)) ? known[0] : null;
  };
  const meant = (index, words) => {
    if (words.every((each) => index.placeOf.has(each.stem) || index.common.has(each.stem))) return null;
    const key = words.map((each) => each.stem).join("");
    const found = near(key, index.placeNames, index.placesByPair);
    if (!found.length || words.some((each) => index.common.has(each.stem))) return null;
    const [place, count] = found[0];
    const others = near(key, index.terms, index.byPair);
    if (others.some(([at, other]) => other <= count && saysMore(index, index.terms[at]))) return null;
    return index.places.get(index.placeNames[place])[0];
  };
  const placeAt = (index, words, start) => {
    for (let end = Math.min(words.length, start + MOST); end > start; end--) {
      const entry = named(index, words.slice(start, end));
      if (entry !== null) return { entry, start, end };
    }
    for (let end = Math.min(words.length, start + 2); end > start; end--) {
      const entry = meant(index, words.slice(start, end));
      if (entry !== null) return { entry, start, end };
    }
    return null;
  };
  const placesIn = (index, words) => {
    const found = [];
    for (let at = 0; at < words.length; ) {
      const place = placeAt(index, words, at);
      if (place) found.push(place);
      at = place ? place.end : at + 1;
    }
    return found;
  };

  // ------------------------------------------------------------ what a query finds
  const firstFrom = (terms, stem) => {
    let [low, high] = [0, terms.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (terms[middle] < stem) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const termsFor = (index, stem, typing) => {
    const place = index.placeOf.get(stem);
    const found = place === undefined ? [] : [[place, EXACT]];
    if ((found.length && !typing) || stem.length < 2) return found;
    for (let at = firstFrom(index.terms, stem); at < index.terms.length && index.terms[at].startsWith(stem); at++) {
      if (at !== place) found.push([at, PREFIX]);
    }
    if (found.length) return found;
    return near(stem, index.terms, index.byPair).map(([at, count]) => [at, count === 1 ? ONE_SLIP : TWO_SLIPS]);
  };
  const matchesOf = (index, stem, typing) => {
    const found = new Map();
    for (const [term, closeness] of termsFor(index, stem, typing)) {
      const posts = index.posts[term];
      for (let at = 0; at < posts.length; at += 2) {
        const value = posts[at + 1] * index.rarity[term] * closeness;
        if (value > (found.get(posts[at]) || 0)) found.set(posts[at], value);
      }
    }
    return found;
  };
  const scoresOf = (index, matches) => {
    const total = new Map(), count = new Map();
    for (const found of matches) {
      for (const [number, value] of found) {
        total.set(number, (total.get(number) || 0) + value);
        count.set(number, (count.get(number) || 0) + 1);
      }
    }
    for (const [number, value] of total) {
      const entry = index.entries[number];
      total.set(number, Math.floor((value * count.get(number) ** 2 * (KINDS[entry.kind] || 1)) / (LONGEST + entry.length)));
    }
    return total;
  };
  const ranked = (score) => [...score.keys()].sort((a, b) => score.get(b) - score.get(a) || a - b);
  const bestOf = (score) => Math.max(0, ...score.values());
  const whole = (index, words, places, matches) => {
    const isIn = (at) => places.some((place) => place.start <= at && at < place.end);
    const found = [...matches].filter(([at]) => !isIn(at)).map(([, each]) => each);
    for (const place of places) {
      const stems = words.slice(place.start, place.end).map((each) => each.stem);
      const all = matchesOf(index, stems.join(""), false);
      const parts = stems.map((stem) => matchesOf(index, stem, false));
      for (const number of parts[0].keys()) {
        if (!parts.every((part) => part.has(number))) continue;
        const value = Math.min(...parts.map((part) => part.get(number)));
        if (value > (all.get(number) || 0)) all.set(number, value);
      }
      found.push(all);
    }
    return found;
  };
  const pairsFor = (index, places, matches) => {
    const areas = [...new Set(places.map((place) => place.entry))];
    if (!areas.length || !matches.length) return [];
    const only = matches.map((found) => new Map([...found].filter(([number]) => index.entries[number].kind === "indicator")));
    const score = scoresOf(index, only), best = bestOf(score), hits = [];
    for (const number of ranked(score)) {
      const there = areas.filter((each) => index.entries[number].areas.has(index.entries[each].parameter));
      if (there.length && score.get(number) * HALF >= best && hits.length < PAIRS) hits.push({ kind: "pair", entry: number, areas: there });
    }
    return hits;
  };
  const find = (index, text, typing = false) => {
    const words = wordsOf(text).slice(0, WORDS);
    const places = placesIn(index, words);
    const isIn = (at) => places.some((place) => place.start <= at && at < place.end);
    const every = words.map((_, at) => at);
    const said = every.filter((at) => !index.common.has(words[at].stem));
    const kept = said.length ? said : every;
    const matches = new Map(kept.map((at) => [at, matchesOf(index, words[at].stem, typing && at === words.length - 1)]));
    const pairs = pairsFor(index, places, kept.filter((at) => !isIn(at)).map((at) => matches.get(at)));
    const score = scoresOf(index, whole(index, words, places, matches));
    for (const number of new Set(places.map((place) => place.entry))) if (score.has(number)) score.set(number, score.get(number) * NAMED);
    const shown = new Set(pairs.map((pair) => pair.entry)), best = bestOf(score);
    const rest = ranked(score).filter((number) => score.get(number) * FAINT >= best && !shown.has(number));
    return [...pairs, ...rest.map((entry) => ({ kind: index.entries[entry].kind, entry, areas: [] }))];
  };
  const addressOf = (index, hit) => {
    const address = index.entries[hit.entry].address;
    return hit.areas.length ? `${address}?${hit.areas.map((each) => `area=${index.entries[each].parameter}`).join("&")}` : address;
  };
  const titleOf = (index, hit) => [index.entries[hit.entry].title, ...hit.areas.map((each) => index.entries[each].title)].join(" · ");
  return { open, find, addressOf, titleOf, wordsOf };
})();

(() => {
  const SUGGESTED = 8, SHOWN = 40;
  const search = window.everycountSearch;
  const isCopy = "copy" in document.documentElement.dataset;
  let opened = null;
  const load = (form) => {
    opened ||= new Promise((give, fail) => {
      const script = document.createElement("script");
      script.src = form.dataset.search;
      script.addEventListener("load", () => give(search.open(window.everycountIndex)));
      script.addEventListener("error", fail);
      document.head.append(script);
    });
    return opened;
  };
  // A copy has one file for each page: what a server would answer to a query is a place in it.
  const place = (form, address) => {
    const start = new URL("../", new URL(form.getAttribute("action"), location.href));
    if (!isCopy) return new URL(address, start).href;
    const [path, query = ""] = address.split("?");
    const area = new URLSearchParams(query).get("area");
    return new URL(`${path}index.html${area ? `#area-${area.toLowerCase()}` : ""}`, start).href;
  };
  const named = (node, index, hit) => {
    const entry = index.entries[hit.entry];
    node.textContent = search.titleOf(index, hit);
    if (entry.lang) {
      node.lang = entry.lang;
      node.dir = "auto";
    }
    return node;
  };
  const kicker = (index, hit) => {
    const node = document.createElement("span");
    node.className = "kicker";
    node.textContent = index.labels[hit.kind];
    return node;
  };

  const suggestIn = (form, number) => {
    const input = form.querySelector("input[type=search]");
    const list = document.createElement("ul");
    list.id = `suggestions-${number}`;
    list.className = "suggest";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    form.append(list);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off" };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    let active = -1;
    const close = () => {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const choose = (at) => {
      const options = [...list.children];
      active = (at + options.length + 1) % (options.length + 1);
      if (active === options.length) active = -1;
      options.forEach((option, here) => option.setAttribute("aria-selected", String(here === active)));
      if (active < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", options[active].id);
        options[active].scrollIntoView({ block: "nearest" });
      }
    };
    const show = async () => {
      const text = input.value;
      const index = await load(form);
      if (text !== input.value) return;
      list.setAttribute("aria-label", index.labels.suggestions);
      const hits = text.trim().length < 2 ? [] : search.find(index, text, true).slice(0, SUGGESTED);
      list.replaceChildren(
        ...hits.map((hit, at) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${at}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.to = place(form, search.addressOf(index, hit));
          option.append(named(document.createElement("span"), index, hit), kicker(index, hit));
          return option;
        }),
      );
      close();
      list.hidden = hits.length === 0;
      input.setAttribute("aria-expanded", String(hits.length > 0));
    };
    input.addEventListener("focus", () => load(form).catch(() => {}), { once: true });
    input.addEventListener("input", () => show().catch(() => {}));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) {
        close();
        event.preventDefault();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
        choose(event.key === "ArrowDown" ? active + 1 : active < 0 ? list.children.length - 1 : active - 1);
        event.preventDefault();
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        location.assign(list.children[active].dataset.to);
      }
    });
    // Pressing would take the focus away before the click arrives.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.to);
    });
    input.addEventListener("blur", close);
  };

  const showResults = async (form, space) => {
    const text = new URLSearchParams(location.search).get("q") || "";
    form.querySelector("input[type=search]").value = text;
    if (!text.trim()) return;
    const index = await load(form);
    const hits = search.find(index, text);
    const heading = document.createElement("h2");
    heading.className = "h3";
    heading.setAttribute("role", "status");
    heading.textContent = hits.length ? index.labels.found.replace("{count}", hits.length) : index.labels.nothing;
    const list = document.createElement("ol");
    list.className = "hits";
    for (const hit of hits.slice(0, SHOWN)) {
      const [item, link] = [document.createElement("li"), document.createElement("a")];
      link.href = place(form, search.addressOf(index, hit));
      item.append(kicker(index, hit), named(link, index, hit));
      list.append(item);
    }
    const section = document.createElement("section");
    section.append(heading, list);
    space.replaceChildren(section);
  };

  const forms = [...document.querySelectorAll("form[data-search]")];
  forms.forEach(suggestIn);
  const space = document.querySelector("[data-results]");
  if (isCopy && space && forms.length) showResults(forms[0], space);
})();
