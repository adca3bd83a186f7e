/* A reader's comforts (see publishing/reading.py): sections ticked off as read, which the browser
   remembers; boxes that scroll can be reached by keyboard; on paper, all fold-outs are open. */
"use strict";

(() => {
  const article = document.querySelector("article.bd-article");
  if (!article) {
    return;
  }

  /* Progress. Storage may be forbidden or full: then ticks last as long as the page is open. */
  const keyOf = (page) => `read:${page}`;
  const key = keyOf(DOCUMENTATION_OPTIONS.pagename);
  function remembered(name = key) {
    try {
      const kept = JSON.parse(localStorage.getItem(name));
      return new Set(Array.isArray(kept) ? kept : []);
    } catch {
      return new Set();
    }
  }
  function remember(read) {
    try {
      localStorage.setItem(key, JSON.stringify([...read]));
    } catch {
      /* nothing to do */
    }
  }

  const facts = article.querySelector(".chapter-opener > .chapter-facts");
  const sections = [...article.querySelectorAll("section[id]")].filter((section) =>
    section.querySelector(":scope > h2"),
  );
  if (facts && sections.length) {
    const read = remembered();
    const progress = document.createElement("p");
    progress.className = "reading-progress";
    progress.setAttribute("role", "status");
    facts.after(progress);

    const show = () => {
      const count = sections.filter((section) => read.has(section.id)).length;
      progress.textContent = `You have ticked off ${count} of ${sections.length} sections.`;
      for (const section of sections) {
        const link = document.querySelector(`.bd-sidebar-secondary a[href="#${section.id}"]`);
        link?.toggleAttribute("data-read", read.has(section.id));
      }
    };

    for (const section of sections) {
      const heading = section.querySelector(":scope > h2").cloneNode(true);
      heading.querySelectorAll(".headerlink, .section-number").forEach((part) => part.remove());
      const label = document.createElement("label");
      label.className = "section-read";
      const box = document.createElement("input");
      box.type = "checkbox";
      box.autocomplete = "off";
      box.checked = read.has(section.id);
      box.setAttribute("aria-label", `Read: ${heading.textContent.trim()}`);
      box.addEventListener("change", () => {
        box.checked ? read.add(section.id) : read.delete(section.id);
        remember(read);
        show();
      });
      label.append(box, "Read");
      section.append(label);
    }
    show();
  }

  /* The first page says of each chapter how far its reader is. */
  for (const chapter of article.querySelectorAll(".book-map > li")) {
    const count = remembered(keyOf(chapter.dataset.page)).size;
    const told = chapter.querySelector(".map-progress");
    told.textContent = count ? `${count} section${count === 1 ? "" : "s"} read` : "";
  }

  /* Boxes that scroll sideways */
  const boxes = `mjx-container[display="true"], .wide-formula, .cell_output .output,
    .pst-scrollable-table-container, pre`;
  function reachable() {
    for (const formula of article.querySelectorAll("span.math > mjx-container")) {
      const line = formula.closest("p, li, dd, td, th, legend, label, summary") ?? article;
      formula.parentElement.classList.remove("wide-formula");
      const room = line.getBoundingClientRect().right + 1;
      const is_wide = formula.getBoundingClientRect().right > room;
      formula.parentElement.classList.toggle("wide-formula", is_wide);
    }
    for (const box of article.querySelectorAll(boxes)) {
      const scrolls = ["auto", "scroll"].includes(getComputedStyle(box).overflowX);
      if (scrolls && box.scrollWidth > box.clientWidth + 1) {
        box.tabIndex = 0;
      } else if (box.tabIndex === 0 && box.hasAttribute("tabindex")) {
        box.removeAttribute("tabindex");
      }
    }
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
    Promise.resolve(window.MathJax?.startup?.promise).then(reachable).then(showHit);
    let waiting;
    window.addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(reachable, 200);
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
