/* Draws the interactive figures of a page (see publishing/sphinx_extension/figures.py).

   A figure is a still picture until it comes near the window. Then its specification is loaded, and
   Vega's scripts, once for the page, and the figure moves. What fails leaves the still picture. */
"use strict";

(() => {
  const here = document.currentScript.src;
  const loading = new Map();

  function load(name) {
    if (!loading.has(name)) {
      const loaded = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = new URL(name, here).href;
        script.onload = resolve;
        script.onerror = () => reject(new Error(`${script.src} cannot be loaded`));
        document.head.append(script);
      });
      loading.set(name, loaded);
    }
    return loading.get(name);
  }

  /* On a phone a figure is laid out anew, since words scaled down with it could not be read:
     parts side by side go below each other, and what has a width of its own takes the phone's. */
  function fitted(spec, width, available) {
    if (width <= available) {
      return spec;
    }
    if (!spec.layout) {
      return { ...spec, width: available, autosize: { type: "fit-x", contains: "padding" } };
    }
    return stacked(spec, available - 90);
  }

  function stacked(part, available) {
    const signals = part.signals?.map((signal) =>
      /(^|_)(width|childWidth)$/i.test(signal.name) && typeof signal.value === "number"
        ? { ...signal, value: Math.min(signal.value, available) }
        : signal,
    );
    const marks = part.marks?.map((mark) =>
      mark.type === "group" && mark.layout ? stacked(mark, available) : mark,
    );
    const layout = part.layout && { ...part.layout, columns: 1 };
    // Parts that stand below each other share a width: it is the figure's then, and no signal.
    const width = typeof part.width === "number" && { width: Math.min(part.width, available) };
    return { ...part, ...width, ...(signals && { signals }), ...(marks && { marks }), ...(layout && { layout }) };
  }

  /* Vega names an input by all of its label, the changing value included. */
  function nameInputs(controls) {
    for (const form of controls.querySelectorAll("form")) {
      form.addEventListener("submit", (event) => event.preventDefault());
    }
    for (const bind of controls.querySelectorAll(".vega-bind")) {
      const name = bind.querySelector(".vega-bind-name");
      const words = name.textContent.trim().replace(/[:=]$/, "").trim();
      const inputs = bind.querySelectorAll("input, select");
      if (bind.querySelector("input[type=radio]")) {
        bind.setAttribute("role", "radiogroup");
        bind.setAttribute("aria-label", words);
        continue;
      }
      for (const input of inputs) {
        input.setAttribute("aria-label", words);
        if (input.type === "range") {
          input.nextElementSibling?.classList.add("vega-bind-value");
        }
      }
    }
  }

  async function draw(figure) {
    figure.dataset.state = "loading";
    const part = (name) => figure.querySelector(`.vega-figure-${name}`);
    const [still, live, controls] = [part("still"), part("live"), part("controls")];
    try {
      const name = figure.dataset.spec;
      await Promise.all([load("vega-bundle.js"), load(`figures/${name}.js`)]);
      const width = Number(still.querySelector("svg").getAttribute("width"));
      figure.drawnWidth = Math.min(width, figure.clientWidth);
      const spec = fitted(window.vegaFigures[name], width, figure.clientWidth);
      live.hidden = false;
      const { view } = await window.vegaEmbed(live, spec, {
        actions: false,
        ast: true, // no code is made of strings, so that a strict server may forbid that
        bind: controls,
        mode: "vega",
        renderer: "svg",
        tooltip: { disableDefaultStyle: true },
      });
      live.querySelector("svg").setAttribute("aria-hidden", "true");
      nameInputs(controls);
      controls.hidden = !controls.querySelector("input, select");
      still.hidden = true;
      figure.vegaView = view;
      figure.dataset.state = "live";
    } catch (error) {
      live.hidden = true;
      figure.dataset.state = "still";
      console.error(`${figure.id}: ${error}`);
    }
  }

  /* A phone that is turned has another width. What was fitted to the old one is drawn anew, with
     what the reader has chosen. */
  async function refit(figure) {
    const drawing = figure.querySelector(".vega-figure-still svg");
    const width = Math.min(Number(drawing.getAttribute("width")), figure.clientWidth);
    if (figure.dataset.state !== "live" || width === 0 || width === figure.drawnWidth) {
      return;
    }
    const before = figure.vegaView;
    const bound = window.vegaFigures[figure.dataset.spec].signals.filter(({ bind }) => bind);
    before.finalize();
    figure.querySelector(".vega-figure-controls").replaceChildren();
    await draw(figure);
    if (figure.dataset.state === "live") {
      for (const { name } of bound) {
        figure.vegaView.signal(name, before.signal(name));
      }
      await figure.vegaView.runAsync();
    }
  }

  let waiting;
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => document.querySelectorAll(".vega-figure").forEach(refit), 200);
  });

  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) {
          near.unobserve(target);
          draw(target);
        }
      }
    },
    { rootMargin: "400px 0px" },
  );
  for (const figure of document.querySelectorAll(".vega-figure")) {
    near.observe(figure);
  }
})();
