/** The preview of a written answer: paragraphs of text, with formulas set by the book's MathJax. */

import { element } from "./elements";

const FORMULA = /\$\$([\s\S]+?)\$\$|\$([^$\n]+?)\$/g;
/** Commands that make links, load things or reach into the page. */
const REACHING =
  /\\(href|url|style|class|cssId|data|html\w*|require|mmlToken|unicode|includegraphics|special)(?![a-zA-Z])/g;

export interface Part {
  kind: "text" | "inline" | "display";
  text: string;
}

/** Split a text into words and formulas; commands that reach out of a formula are taken apart. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(FORMULA)) {
    if (match.index > end) {
      parts.push({ kind: "text", text: text.slice(end, match.index) });
    }
    const kind = match[1] === undefined ? "inline" : "display";
    const formula = (match[1] ?? match[2]).replace(REACHING, "\\text{$1}").replace(/\\[()[\]]/g, "");
    parts.push({ kind, text: formula });
    end = match.index + match[0].length;
  }
  if (end < text.length) {
    parts.push({ kind: "text", text: text.slice(end) });
  }
  return parts;
}

/** Show a text. */
export async function preview(place: HTMLElement, text: string): Promise<void> {
  const mathJax = window.MathJax;
  mathJax?.typesetClear?.([place]);
  place.replaceChildren();
  for (const paragraph of text.split(/\n\s*\n/).filter((one) => one.trim())) {
    const shown = element("p", "");
    for (const part of partsOf(paragraph)) {
      if (part.kind === "text") {
        shown.append(part.text);
      } else {
        const [open, close] = part.kind === "inline" ? ["\\(", "\\)"] : ["\\[", "\\]"];
        shown.append(element("span", "math notranslate", open + part.text + close));
      }
    }
    place.append(shown);
  }
  await mathJax?.typesetPromise?.([place]);
  for (const link of place.querySelectorAll("[href]")) {
    link.removeAttribute("href");
  }
}
