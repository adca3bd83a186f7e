// What `phone.py` asks of a page in a window as narrow as a phone, a function for each question.

/** The formulas that scroll. One must say so: its box has the shades of the style sheet. */
function scrolling() {
  return [...document.querySelectorAll('article mjx-container[display="true"]')]
    .filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
    .concat([...document.querySelectorAll("article .wide-formula")])
    .map((box) => ({
      words: box.closest("div.math")?.id || box.textContent.trim().slice(0, 60),
      is_shown: getComputedStyle(box).backgroundAttachment.includes("local"),
    }));
}

/**
 * What is drawn and sticks out of a box that clips it, or out of the page, is lost to the reader.
 * What stands in a box that scrolls can be reached.
 */
function cut() {
  const found = [];
  const kinds = `article :is(mjx-container, code.literal, table, img, svg, button, select, input,
    label, summary, pre, p, li, dd, h1, h2, h3, h4, legend, .headerlink)`;
  for (const element of document.querySelectorAll(kinds)) {
    if (!element.checkVisibility() || element.closest("mjx-assistive-mml, .visually-hidden")) {
      continue;
    }
    const own = [...element.getClientRects()];
    const [left, right] = [Math.min(...own.map((box) => box.left)),
      Math.max(...own.map((box) => box.right))];
    if (right - left < 2) continue;
    let cut = 0;
    for (let box = element.parentElement; box && cut <= 1; box = box.parentElement) {
      const { overflowX } = getComputedStyle(box);
      const edges = box.getBoundingClientRect();
      if (["auto", "scroll"].includes(overflowX) && box.closest("article")) break;
      if (overflowX !== "visible" && box !== document.body) {
        cut = Math.max(right - edges.right, edges.left - left);
      } else if (box === document.body) {
        cut = Math.max(right - document.documentElement.clientWidth, -left);
      }
    }
    if (cut > 1) {
      found.push(`${Math.round(cut)} pixels of ${element.localName} `
        + element.textContent.trim().replace(/\s+/g, " ").slice(0, 60));
    }
  }
  return found;
}

/** A marker stands outside of its item, at its left: whatever clips the item's left clips it. */
function markers() {
  const found = { seen: 0, hidden: [] };
  for (const item of document.querySelectorAll("article li")) {
    const style = getComputedStyle(item);
    if (!item.checkVisibility() || style.display !== "list-item"
        || style.listStyleType === "none") {
      continue;
    }
    const list = item.parentElement;
    const digits = list.localName === "ol"
      ? String((list.start || 1) + list.children.length - 1).length + 1 : 1;
    const outside = style.listStylePosition === "outside";
    const room = outside ? digits * parseFloat(style.fontSize) * 0.6 : 0;
    const left = item.getBoundingClientRect().left - room;
    let is_hidden = left < 0;
    for (let box = item; box; box = box.parentElement) {
      const clips = getComputedStyle(box).overflowX !== "visible" && box !== document.body
        && box !== document.documentElement;
      is_hidden ||= clips && left < box.getBoundingClientRect().left - 1;
    }
    is_hidden ? found.hidden.push(item.textContent.trim().slice(0, 60)) : found.seen++;
  }
  return found;
}

/** Whatever floats over the page must leave the controls of a figure to the finger. */
async function covered() {
  const found = [];
  for (const control of document.querySelectorAll("article .vega-figure :is(input, select)")) {
    if (!control.checkVisibility()) continue;
    for (const block of ["center", "end"]) {
      control.scrollIntoView({ block, behavior: "instant" });
      window.scrollBy({ top: block === "end" ? 40 : -40, behavior: "instant" });
      await frame();
      await frame();
      const { left, right, top, bottom } = control.getBoundingClientRect();
      for (const part of [0.1, 0.5, 0.9]) {
        const [x, y] = [left + part * (right - left), (top + bottom) / 2];
        const above = y < innerHeight ? document.elementFromPoint(x, y) : control;
        if (above && !control.closest(".vega-figure").contains(above)) {
          const name = control.getAttribute("aria-label") || control.name;
          found.push(`${name} under ${above.className}`);
        }
      }
    }
  }
  window.scrollTo(0, 0);
  return [...new Set(found)];
}

/**
 * The smallest letters. Those of a drawing that is part of the page have a size; those of a picture
 * have the size that the build noted, in the units of its width.
 */
function letters() {
  const found = [];
  for (const words of document.querySelectorAll("article svg text")) {
    if (!words.checkVisibility() || !words.textContent.trim()) continue;
    const drawing = words.ownerSVGElement.getScreenCTM();
    const scale = Math.hypot(words.getScreenCTM().a, words.getScreenCTM().b) || drawing.a;
    found.push([parseFloat(getComputedStyle(words).fontSize) * scale, words.textContent.trim()]);
  }
  for (const picture of document.querySelectorAll("article img[data-letter]")) {
    const width = picture.getBoundingClientRect().width;
    const other = picture.parentElement.querySelector("source");
    const shown = other && matchMedia(other.media).matches ? other : picture;
    if (picture.checkVisibility() && width > 1) {
      found.push([Number(shown.dataset.letter) * width, picture.alt.slice(0, 40)]);
    }
  }
  return found.sort((a, b) => a[0] - b[0]).slice(0, 3);
}

/** Resolves when the page has been laid out anew. */
async function settled() {
  for (let times = 0; times < 3; times++) await frame();
}
