/* A reader's comforts (see publishing/sphinx_extension/extension.py): a tick for a chapter that is read, which the browser
   remembers; boxes that scroll can be reached by keyboard; on paper, all fold-outs are open. */
"use strict";

(() => {
  const article = document.querySelector("article.bd-article");
  if (!article) {
    return;
  }

  /* What is read. Storage may be forbidden or full: then a tick lasts as long as the page is open.
     It may hold a list of sections, which an earlier edition of the book ticked off: no chapter. */
  const keyOf = (page) => `read:${page}`;
  function isRead(page) {
    try {
      return localStorage.getItem(keyOf(page)) === "true";
    } catch {
      return false;
    }
  }
  function remember(page, read) {
    try {
      read ? localStorage.setItem(keyOf(page), "true") : localStorage.removeItem(keyOf(page));
    } catch {
      /* nothing to do */
    }
  }

  if (article.querySelector(".chapter-opener > .chapter-facts")) {
    const page = DOCUMENTATION_OPTIONS.pagename;
    const label = document.createElement("label");
    label.className = "chapter-read";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.autocomplete = "off";
    box.checked = isRead(page);
    box.addEventListener("change", () => remember(page, box.checked));
    label.append(box, "I have read this chapter");
    article.append(label);
  }

  /* The first page says of each chapter whether it is read. */
  for (const chapter of article.querySelectorAll(".book-map > li")) {
    const told = chapter.querySelector(".map-progress");
    told.textContent = isRead(chapter.dataset.page) ? "read" : "";
  }

  /* Boxes that scroll sideways are reached by keyboard from the frame on in which they do: a window
     is resized, a fold-out opened. */
  const boxes = `mjx-container[display="true"], .wide-formula, .cell_output .output,
    .pst-scrollable-table-container, pre`;
  const sizes = new ResizeObserver((changed) => {
    for (const { target: box } of changed) {
      const scrolls = ["auto", "scroll"].includes(getComputedStyle(box).overflowX);
      if (scrolls && box.scrollWidth > box.clientWidth + 1) {
        box.tabIndex = 0;
      } else if (box.tabIndex === 0 && box.hasAttribute("tabindex")) {
        box.removeAttribute("tabindex");
      }
    }
  });
  /* A formula in a line that is wider than its line gets a box of its own. */
  function makeRoom() {
    for (const formula of article.querySelectorAll("span.math > mjx-container")) {
      const line = formula.closest("p, li, dd, td, th, legend, label, summary") ?? article;
      formula.parentElement.classList.remove("wide-formula");
      const room = line.getBoundingClientRect().right + 1;
      const is_wide = formula.getBoundingClientRect().right > room;
      formula.parentElement.classList.toggle("wide-formula", is_wide);
    }
    article.querySelectorAll(boxes).forEach((box) => sizes.observe(box));
  }
  /* Whoever comes from the search sees what was searched, when formulas have taken their room. */
  function showHit() {
    const hits = [...article.querySelectorAll(".highlighted")];
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const behind = Node.DOCUMENT_POSITION_FOLLOWING;
    const hit = hits.find((one) => !target || target.compareDocumentPosition(one) & behind);
    const edges = hit?.getBoundingClientRect();
    if (hit && (edges.top < 60 || edges.bottom > innerHeight - 60)) {
      hit.scrollIntoView({ block: "center", behavior: "instant" });
    }
  }
  window.addEventListener("load", () => {
    const set = [window.MathJax?.startup?.promise, document.fonts.ready];
    Promise.all(set).then(makeRoom).then(showHit);
    article.addEventListener("toggle", makeRoom, { capture: true });
    let waiting;
    window.addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(makeRoom, 200);
    });
  });

  /* Drawings are dark while the page is. */
  const page = document.documentElement;
  function dress(is_dark) {
    for (const picture of article.querySelectorAll("img[data-dark]")) {
      for (const part of [picture, ...picture.parentElement.querySelectorAll("source")]) {
        const name = part === picture ? "src" : "srcset";
        const wanted = part.getAttribute(name).replace(/(-dark)?\.svg$/, is_dark ? "-dark.svg" : ".svg");
        if (wanted !== part.getAttribute(name)) part.setAttribute(name, wanted);
      }
    }
  }
  const follow = () => dress(page.dataset.theme === "dark");
  new MutationObserver(follow).observe(page, { attributeFilter: ["data-theme"] });
  follow();
  window.addEventListener("beforeprint", () => dress(false));
  window.addEventListener("afterprint", follow);

  /* Paper: answers are opened, code that is folded away stays so, and a formula that is wider than
     the text of an A4 page, less the formula's number, is made as small as fits. */
  const [PAPER, PAPER_FONT] = [630, 40 / 3]; // pixels; ten points are 13 1/3 of them
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...article.querySelectorAll("details:not([open], .hide, .exercise-tests *)")];
    opened.forEach((details) => (details.open = true));
    const size = parseFloat(getComputedStyle(article).fontSize);
    for (const formula of article.querySelectorAll('mjx-container[display="true"] > mjx-math')) {
      const width = formula.getBoundingClientRect().width / size;
      formula.style.setProperty("--on-paper", Math.min(1, PAPER / (width * PAPER_FONT)));
    }
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((details) => (details.open = false));
  });
})();
