/* The search page: its results are sections of the book (publishing/sphinx_extension/search_sections.py), also where
   the book is opened from its files. A typed sign is searched by its name, σ as sigma, ŷ as y and
   hat, and so are the signs of formulas. */
"use strict";

DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY &&= location.protocol !== "file:";

(() => {
  const names = {
    α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "varepsilon", ϵ: "epsilon", η: "eta",
    θ: "theta", κ: "kappa", λ: "lambda", μ: "mu", ν: "nu", ξ: "xi", π: "pi", ρ: "rho",
    σ: "sigma", ς: "sigma", τ: "tau", φ: "phi", ϕ: "phi", χ: "chi", ψ: "psi", ω: "omega",
    Γ: "Gamma", Δ: "Delta", Θ: "Theta", Λ: "Lambda", Σ: "Sigma", Φ: "Phi", Ω: "Omega",
    "∇": "nabla", "∂": "partial", "∑": "sum", "∏": "prod", "∞": "infty", "√": "sqrt",
    "∈": "in", "≈": "approx", "≤": "le", "≥": "ge", "·": "cdot", "ℓ": "ell", "∥": "|",
  };
  const marks = { "\u0302": "hat", "\u0304": "bar", "\u0303": "tilde" };

  function named(query) {
    const words = [...query.normalize("NFD")].map((sign) =>
      sign in names ? ` ${names[sign]} ` : sign in marks ? ` ${marks[sign]} ` : sign,
    );
    return words.join("").normalize("NFC").replace(/\s+/g, " ").trim();
  }

  const search = Search.performSearch;
  Search.performSearch = (query) => search(named(query));

  /* Results are sections, the best first. Their words are in a script that the build writes. */
  const data = document.createElement("script");
  data.src = new URL("search-sections.js", document.currentScript.src).href;
  const loaded = new Promise((resolve) => {
    data.onload = () => resolve(window.searchSections);
    data.onerror = () => resolve(undefined);
  });
  document.head.append(data);

  const folded = (text) => named(text).toLowerCase();
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  /* A word that begins with the stem; a single letter is a word of its own. */
  function pattern(term) {
    const stem = term.length > 3 ? new Stemmer().stemWord(term).replace(/i$/, "") : term;
    const begin = stem.length > 1 && term.startsWith(stem) ? stem : term;
    const end = begin.length > 1 ? "[\\p{L}\\p{N}]*" : "(?![\\p{L}\\p{N}])";
    return `(?<![\\p{L}\\p{N}])${escaped(begin)}${end}`;
  }
  const count = (text, expression) => text.match(new RegExp(expression, "gu"))?.length ?? 0;

  /* How well a section fits, 0 where one of the words is in none of its parts. */
  function fit(section, patterns, phrase) {
    const [, heading, , words, terms] = section.folded;
    let sum = 0;
    for (const one of patterns) {
      const [inHeading, inWords] = [count(heading, one), count(words, one)];
      if (!inHeading && !inWords) return 0;
      sum += 6 * Math.min(1, inHeading) + Math.log2(1 + inWords);
    }
    if (`${heading} ${words}`.includes(phrase)) sum += 2;
    if (terms.includes(phrase)) sum += 8;
    return heading.replace(/^[\d. ]+/, "") === phrase ? sum + 8 : sum;
  }

  /* The words around the first hit that has the others nearest, with the hits marked. */
  function excerpt(words, patterns) {
    const any = new RegExp(patterns.join("|"), "giu");
    const hits = [...words.matchAll(any)];
    const near = (hit) =>
      new Set(hits.filter((other) => Math.abs(other.index - hit.index) < 120).map(([w]) => w)).size;
    const best = hits.reduce((a, b) => (a && near(a) >= near(b) ? a : b), undefined);
    const start = Math.max(0, words.lastIndexOf(" ", Math.max(0, (best?.index ?? 0) - 80)));
    const end = Math.min(words.length, words.indexOf(" ", start + 240) + 1 || words.length);
    const told = document.createElement("p");
    told.className = "search-excerpt";
    let at = start;
    told.append(start ? "… " : "");
    for (const hit of hits.filter(({ index }) => index >= start && index < end)) {
      const marked = document.createElement("mark");
      marked.textContent = hit[0];
      told.append(words.slice(at, hit.index), marked);
      at = hit.index + hit[0].length;
    }
    told.append(words.slice(at, end), end < words.length ? " …" : "");
    return told;
  }

  function item([address, heading, page, words], patterns) {
    const [made, link, where] = ["li", "a", "span"].map((tag) => document.createElement(tag));
    link.href = document.documentElement.dataset.content_root + address;
    link.textContent = heading;
    if (page !== heading) {
      where.textContent = page;
      where.className = "search-page";
      link.append(" ", where);
    }
    made.append(link, excerpt(words, patterns));
    return made;
  }

  const MOST = 40;
  const byPages = Search.query;
  Search.query = async (query) => {
    const sections = await loaded;
    if (!sections) {
      byPages(query);
      return;
    }
    Search._parseQuery(query); // what is searched is marked on the page that is opened
    const phrase = folded(query);
    const wanted = splitQuery(phrase).filter((word) => !stopwords.includes(word));
    const patterns = (wanted.length ? wanted : splitQuery(phrase)).map(pattern);
    for (const section of sections) {
      section.folded ??= section.map((part) => (Array.isArray(part) ? part.map(folded) : folded(part)));
      section.fit = patterns.length ? fit(section, patterns, phrase) : 0;
    }
    const found = sections.filter((one) => one.fit).sort((a, b) => b.fit - a.fit).slice(0, MOST);
    Search.stopPulse();
    Search.title.textContent = "Results";
    Search.status.textContent = found.length
      ? `${found.length} place${found.length === 1 ? "" : "s"}, the best first.`
      : "Nothing in the book has all of these words. Try fewer of them.";
    Search.output.replaceChildren(...found.map((one) => item(one, patterns)));
  };
})();
