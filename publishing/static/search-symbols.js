/* Lets the search page find symbols. Formulas are in the index by their names in TeX, so that a
   typed sign is searched by its name: σ as sigma, ŷ as hat and y. Where the book is opened from its
   files, results come without the words around them, for which other pages would be fetched. */
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
})();
