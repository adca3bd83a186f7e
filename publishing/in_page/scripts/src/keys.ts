/** A row of keys for touch screens, whose keyboards have no Tab and hide what code is full of. */

import type { Editor } from "./editor";
import { element } from "./elements";

const SIGNS = ["(", ")", "[", "]", ":", "=", "*", "_", "-", "."];

function key(label: string, name: string, press: () => void): HTMLButtonElement {
  const made = element("button", "workplace-key", label);
  made.type = "button";
  made.setAttribute("aria-label", name);
  made.addEventListener("pointerdown", (event) => event.preventDefault()); // the keyboard stays open
  made.addEventListener("click", press);
  return made;
}

/** Return the row for an editor. The style shows it where fingers point. */
export function touchKeys(editor: Editor): HTMLElement {
  const row = element("div", "workplace-keys");
  row.setAttribute("role", "toolbar");
  row.setAttribute("aria-label", "Keys");
  row.append(
    key("⇤", "Indent less", () => editor.indent(false)),
    key("⇥", "Indent more", () => editor.indent(true)),
    ...SIGNS.map((sign) => key(sign, sign, () => editor.insert(sign))),
  );
  return row;
}
