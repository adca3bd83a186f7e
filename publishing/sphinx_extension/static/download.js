/* Downloads from a page that was opened from its file. There a browser shows a notebook as text,
   whatever the link says; so the notebook is taken from a script beside it, which holds the same
   bytes (see publishing/sphinx_extension/extension.py). */
"use strict";

if (location.protocol === "file:") {
  for (const link of document.querySelectorAll('a[download][href$=".ipynb"]')) {
    link.addEventListener("click", (event) => {
      if (link.href.startsWith("blob:")) {
        return;
      }
      event.preventDefault();
      const script = document.createElement("script");
      script.src = `${link.href}.js`;
      script.onload = () => {
        const notebook = new Blob([window.downloaded], { type: "application/x-ipynb+json" });
        link.href = URL.createObjectURL(notebook);
        link.click();
      };
      script.onerror = () => location.assign(link.href); // better as text than not at all
      document.head.append(script);
    });
  }
}
