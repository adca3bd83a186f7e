// What `page.py` asks of a page in a browser, a function for each question.

/** Resolves when formulas and letters are there. */
async function typeset() {
  await window.MathJax?.startup?.promise;
  await document.fonts.ready;
}

/** Resolves when the page has been scrolled to its end and its figures are drawn. */
async function scroll() {
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
    window.scrollTo(0, y);
    await frame();
  }
  const late = () => document.querySelector('.vega-figure:not([data-state="live"])');
  for (let wait = 0; late() && wait < 600; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  window.scrollTo(0, 0);
}

/** Tells which formulas are not set, and where TeX is left in the text. */
function formulas() {
  const found = [...document.querySelectorAll("article :is(div.math, span.math)")]
    .filter((formula) => !formula.querySelector("mjx-math"))
    .map((formula) => `${formula.textContent.trim().slice(0, 60)} is not set`);
  for (const error of document.querySelectorAll('mjx-merror, mtext[mathcolor="red"]')) {
    found.push(`${error.textContent.slice(0, 60)} cannot be set`);
  }
  const article = document.querySelector("article") ?? document.body;
  const words = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const text = words.currentNode;
    const code = text.parentElement.closest("pre, code, script, style, .math, mjx-container");
    if (!code && /\\[a-zA-Z([]{1}|\$\$/.test(text.data)) {
      found.push(`${text.data.trim().slice(0, 60)} is TeX`);
    }
  }
  return found;
}

/** Tells which figures have no description, or do not move. */
function figures() {
  return [
    ...[...document.querySelectorAll("article img")].filter((i) => !i.alt.trim())
      .map((i) => `${i.src} without description`),
    ...[...document.querySelectorAll(".vega-figure-still")]
      .filter((f) => !f.getAttribute("aria-label")?.trim())
      .map((f) => `${f.parentElement.id} without description`),
    ...[...document.querySelectorAll('.vega-figure:not([data-state="live"])')]
      .map((f) => `${f.id} does not move`),
  ];
}

/** Tells which headings leave out a level. */
function headings() {
  const found = [];
  let above = 0;
  for (const heading of document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")) {
    if (!heading.checkVisibility()) continue; // the title on paper
    const level = Number(heading.localName[1]);
    if (level > above + 1 || (level === 1 && above)) {
      found.push(`${heading.textContent.trim()}, of level ${level}, follows one of level ${above}`);
    }
    above = level;
  }
  return above ? found : ["there is none"];
}

/** By how many pixels the page is wider than the window. */
function excessWidth() {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

/** Tells the page what a browser tells it before and after it prints. */
function dispatch(event) {
  window.dispatchEvent(new Event(event));
}

/** Tells what runs over the margin of the paper. */
function cutOnPaper() {
  return [...document.querySelectorAll("article :is(mjx-math, pre, table, img, svg)")]
    .filter((element) => element.checkVisibility()
      && element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map((element) => (element.closest("mjx-container") ?? element).textContent.trim().slice(0, 60)
      || element.outerHTML.slice(0, 60));
}

/** Milliseconds until the first words were there. */
function firstPaint() {
  return performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
}

/**
 * Takes elements out of the page. The drawings of formulas are thousands of boxes, hidden from screen
 * readers, which read the MathML beside them; axe takes most of its time for them even where they
 * are excluded.
 */
function remove(kind) {
  document.querySelectorAll(kind).forEach((element) => element.remove());
}

/** Whether the page has taken a colour scheme. */
function hasTheme(theme) {
  return document.documentElement.dataset.theme === theme;
}

/**
 * Leaves of each formula's MathML its words, but of the first three of a page, and of those that
 * have more than looks: axe takes as long for a thousand elements of one kind as for other ones.
 */
function thinFormulas() {
  const plain = /^(?:accent|accentunder|align|class|close|column|data-|depth|dir|display|fence|form|height|largeop|linethickness|lspace|math|max|min|movablelimits|notation|open|row|rspace|scriptlevel|separator|side|stretchy|style|symmetric|voffset|width|xmlns)/;
  for (const formula of [...document.querySelectorAll("math")].slice(3)) {
    const inside = [...formula.querySelectorAll("*")];
    if (inside.every((element) => element.getAttributeNames().every((name) => plain.test(name)))) {
      formula.replaceChildren(formula.textContent);
    }
  }
}

/**
 * Notes of each text its colour, its size, and the colours of what it stands on; of the words of a
 * link also what tells them from those around them.
 */
function noteLooks() {
  const grounds = new Map([[null, ""]]);
  const ground = (element) => {
    if (!grounds.has(element)) {
      const { backgroundColor, backgroundImage, opacity, filter } = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, opacity, filter].join(" ");
      const plain = own === "rgba(0, 0, 0, 0) none 1 none" ? "" : `${own};`;
      grounds.set(element, ground(element.parentElement) + plain);
    }
    return grounds.get(element);
  };
  const look = (element) => {
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
    return [ground(element), color, fontSize, fontWeight, textShadow].join(";");
  };
  const marks = (element, link) => {
    const { textDecoration, borderBottom, fontStyle, fontFamily } = getComputedStyle(element);
    const own = [look(element), textDecoration, borderBottom, fontStyle, fontFamily].join(";");
    return element === link ? own : `${own}<${marks(element.parentElement, link)}`;
  };
  const lookOfLink = (element, link) => {
    const block = blockAround(link);
    const is_alone = block.textContent.trim() === link.textContent.trim();
    const { fontStyle, fontFamily } = getComputedStyle(block);
    return `${marks(element, link)} in ${is_alone} ${look(block)};${fontStyle};${fontFamily}`;
  };
  window.looks ??= new Map();
  for (const element of document.body.querySelectorAll(":not(script, style)")) {
    const box = element.getBoundingClientRect();
    const words = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (words && box.width > 2 && box.height > 2 && box.right > 0 && element.checkVisibility(
        { visibilityProperty: true, opacityProperty: true })) {
      const link = element.closest("a");
      const own = link ? lookOfLink(element, link) : look(element);
      window.looks.set(element, `${window.looks.get(element)}/${own}`);
    }
  }
}

/** Returns the block that a link stands in. */
function blockAround(link) {
  let block = link.parentElement;
  while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
  return block;
}

/**
 * Leaves three texts of each look that no earlier page had, and the words around links that it
 * leaves: to measure the contrast of the same two colours a thousand times takes axe a minute on a
 * page. Returns all looks.
 */
function thinLooks(known) {
  const seen = new Map(known.map((look) => [look, 3]));
  const leave = (look) => {
    seen.set(look, (seen.get(look) ?? 0) + 1);
    return seen.get(look) <= 3;
  };
  const empty = (element) => {
    [...element.childNodes].filter((n) => n.nodeType === 3).forEach((n) => n.remove());
    if (element.matches("pre i, pre span") && !element.firstChild) element.remove();
  };
  const blocks = new Set();
  const links = [...window.looks].filter(([element]) => element.closest("a"));
  const unlike = links.filter(([, look]) => leave(look));
  unlike.forEach(([element]) => blocks.add(blockAround(element.closest("a"))));
  const is_around = (element) => {
    for (let box = element; box; box = box.parentElement) if (blocks.has(box)) return true;
    return false;
  };
  for (const [element, look] of window.looks) {
    const is_left = element.closest("a") ? false : leave(look);
    if (!is_left && !is_around(element)) empty(element);
  }
  return [...seen.keys()];
}
