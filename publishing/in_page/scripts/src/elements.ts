/** Elements of the page. */

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  text = "",
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export function button(what: string, label: string, press: () => void): HTMLButtonElement {
  const made = element("button", "btn btn-sm workplace-button", label);
  made.type = "button";
  made.dataset.do = what;
  made.addEventListener("click", press);
  return made;
}
