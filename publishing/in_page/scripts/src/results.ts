/** What a run shows: output, values, figures, errors. Everything is text or a picture, never HTML. */

import { element } from "./elements";
import type { RunEvent, Trouble } from "./python";

export class Results {
  readonly element = element("div", "run-results");
  private stream: { name: string; node: Text } | undefined;

  /** @param own The id of the cell that was run: lines of others are told with their names. */
  constructor(private readonly own: string) {}

  clear(): void {
    this.element.replaceChildren();
    this.stream = undefined;
  }

  /** Show an event of a run, if it is one to be shown here. */
  show(event: RunEvent): void {
    if (event.event === "output") {
      this.output(event.stream, event.text);
      return;
    }
    this.stream = undefined;
    if (event.event === "cut") {
      const limit = event.limit.toLocaleString("en");
      this.say(`The output is longer than ${limit} characters: the rest is not shown.`);
    } else if (event.event === "value") {
      this.element.append(element("pre", "run-value", event.text));
    } else if (event.event === "figure") {
      const picture = element("img", "run-figure");
      picture.alt = "The figure that the code draws";
      picture.src = `data:image/png;base64,${event.png.replace(/[^A-Za-z0-9+/=]/g, "")}`;
      this.element.append(picture);
    } else if (event.event === "error") {
      this.element.append(this.trouble(event));
    } else if (event.event === "earlier") {
      const box = this.trouble(event);
      box.prepend(element("p", "run-sentence", `The cell ${event.id} before this one fails:`));
      this.element.append(box);
    }
  }

  /** Add a sentence of ours. */
  say(sentence: string): void {
    this.stream = undefined;
    this.element.append(element("p", "run-sentence", sentence));
  }

  private output(stream: string, text: string): void {
    if (this.stream?.name !== stream) {
      const pre = element("pre", `run-output run-${stream}`);
      const node = document.createTextNode("");
      pre.append(node);
      this.element.append(pre);
      this.stream = { name: stream, node };
    }
    this.stream.node.appendData(text);
  }

  private trouble(trouble: Trouble): HTMLElement {
    const box = element("div", "run-error");
    for (const { cell, line, code } of trouble.lines) {
      const where = cell === this.own ? `Line ${line}` : `${cell}, line ${line}`;
      const row = element("p", "run-line", `${where}: `);
      row.append(element("code", "", code.trim()));
      box.append(row);
    }
    box.append(element("pre", "run-message", trouble.message));
    const sentence = sentenceFor(trouble);
    if (sentence) {
      box.append(element("p", "run-sentence", sentence));
    }
    return box;
  }
}

/** Say an error in a sentence, where Python's words are not enough. */
export function sentenceFor(trouble: { sentence?: string; module?: string }): string {
  if (trouble.sentence) {
    return trouble.sentence;
  }
  return trouble.module
    ? `The page's Python has no ${trouble.module}: this code runs in JupyterLab, with the chapter's notebook.`
    : "";
}
