/**
 * What every page of the book loads: buttons, and marks of what is done.
 *
 * All the rest, editor, notebook and Python, comes when somebody presses.
 */

import { button } from "./elements";
import type { Shared } from "./settings";
import { browserShelf, Store } from "./store";
import type { Place, Workbench } from "./workbench";

const script = document.currentScript as HTMLScriptElement;
const address = (value: string | undefined) => (value ? new URL(value, document.baseURI).href : "");
const shared: Shared = {
  settings: {
    book: script.dataset.book ?? "",
    page: script.dataset.page ?? "",
    root: address(script.dataset.root),
    notebook: address(script.dataset.notebook),
    runtime: address(script.dataset.runtime),
  },
};
window.coursePython = shared;

const { settings } = shared;
const store = new Store(browserShelf(), settings.book, settings.page);
const places: Place[] = [];
let workbench: Promise<Workbench> | undefined;

function load(): Promise<Workbench> {
  workbench ??= new Promise<void>((resolve, reject) => {
    const folder = new URL(".", script.src).href;
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = `${folder}workbench.css`;
    const program = document.createElement("script");
    program.src = `${folder}workbench.js`;
    program.onload = () => resolve();
    program.onerror = () => reject(new Error("the editor cannot be loaded"));
    document.head.append(style, program);
  })
    .then(() => {
      const { Workbench } = shared.workbench as NonNullable<Shared["workbench"]>;
      return Workbench.load(shared, store, places, tally);
    })
    .catch((error) => {
      workbench = undefined;
      throw error;
    });
  return workbench;
}

/** Open a place; what fails is told beside its button. */
async function open(place: Place, opener: HTMLButtonElement): Promise<void> {
  opener.disabled = true;
  try {
    const bench = await load();
    bench.at(place).open();
    opener.hidden = true;
  } catch (error) {
    opener.textContent = `${opener.textContent} (failed: ${error instanceof Error ? error.message : error})`;
  }
  opener.disabled = false;
}

/** Show what of this page is done. */
function tally(): void {
  const exercises = places.filter((place) => place.name !== undefined);
  let done = 0;
  for (const place of exercises) {
    const isDone = store.read(place.name as string)?.done === true;
    done += Number(isDone);
    place.host.toggleAttribute("data-done", isDone);
  }
  if (exercises.length > 0) {
    if (done > 0 || store.tallyOf(settings.page)) {
      store.tally(done, exercises.length);
    }
    const said = document.querySelector(".my-work-tally");
    if (said) {
      said.textContent = `${done} of ${exercises.length} exercises done here`;
    }
  }
}

function findPlaces(): void {
  for (const host of document.querySelectorAll<HTMLElement>("section.exercise[data-exercise]")) {
    const holder = host.querySelector<HTMLElement>(".exercise-place");
    const name = host.dataset.exercise as string;
    const isByHand = host.classList.contains("by-hand");
    const cell = holder?.dataset.cell ?? (isByHand ? "" : name);
    host.dataset.state = "idle";
    if (!holder || !cell) {
      continue;
    }
    const lines = new Map<string, HTMLElement>();
    for (const line of host.querySelectorAll<HTMLElement>("[data-test]")) {
      lines.set(line.dataset.test as string, line);
    }
    const place = { host, name, cell, shown: [...holder.children] as HTMLElement[], lines };
    places.push(place);
    const opener = button("write", "Write it here", () => void open(place, opener));
    holder.append(opener);
  }
  for (const host of document.querySelectorAll<HTMLElement>("div.cell[data-cell]")) {
    const input = host.querySelector<HTMLElement>(".cell_input");
    const isElsewhere = host.closest("section.exercise") || host.querySelector(".vega-figure, [data-vega]");
    if (input && !isElsewhere) {
      const output = host.querySelector<HTMLElement>(".cell_output");
      let top = input; // or what it is folded away in
      while (top.parentElement && top.parentElement !== host) {
        top = top.parentElement;
      }
      const shown = output && !top.contains(output) ? [top, output] : [top];
      const place = { host, name: undefined, cell: host.dataset.cell as string, shown, lines: new Map() };
      const opener = button("try", "Try it", () => void open(place, opener));
      top.after(opener);
    }
  }
}

/** The bar of a chapter: take the notebook out, take one in. */
function addBar(): void {
  const heading = document.querySelector("article h1, .bd-article h1");
  if (!heading || !places.some((place) => place.name !== undefined)) {
    return;
  }
  const bar = document.createElement("div");
  bar.className = "my-work";
  const chooser = document.createElement("input");
  chooser.type = "file";
  chooser.accept = ".ipynb";
  chooser.hidden = true;
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const done = document.createElement("span");
  done.className = "my-work-tally";
  const attempt = async (action: (bench: Workbench) => Promise<string | undefined>) => {
    try {
      said.textContent = (await action(await load())) ?? "";
    } catch (error) {
      said.textContent = String(error instanceof Error ? error.message : error);
    }
  };
  chooser.addEventListener("change", () => {
    const [file] = chooser.files ?? [];
    chooser.value = "";
    if (file) {
      void attempt((bench) => bench.open(file));
    }
  });
  const download = button("download", "Download my notebook", () => {
    void attempt(async (bench) => {
      bench.download();
      return undefined;
    });
  });
  bar.append(
    download,
    button("open", "Open my notebook", () => chooser.click()),
    chooser,
    done,
    said,
  );
  heading.after(bar);
}

/** Say beside links to chapters how much of them is done. */
function markLinks(): void {
  const isChapter = places.some((place) => place.name !== undefined);
  const links = document.querySelectorAll<HTMLAnchorElement>(
    isChapter ? ".bd-sidebar-primary a[href]" : ".bd-sidebar-primary a[href], main a[href]",
  );
  const seen = new Set<string>();
  for (const link of links) {
    const target = new URL(link.href, document.baseURI);
    const place = target.origin + target.pathname;
    const page = target.href.startsWith(settings.root) ? target.href.slice(settings.root.length) : "";
    const name = page.replace(/[?#].*$/, "").replace(/\.html$/, "");
    const tallied = target.hash === "" && store.tallyOf(name);
    const key = `${place} ${Boolean(link.closest(".bd-sidebar-primary"))}`;
    if (tallied && !seen.has(key)) {
      seen.add(key);
      const mark = document.createElement("span");
      mark.className = "done-mark";
      mark.textContent = ` ${tallied.done === tallied.of ? "✓ " : ""}${tallied.done} of ${tallied.of} done`;
      link.after(mark);
    }
  }
}

window.course = {
  /** Open an exercise and put a text into its editor. */
  async write(name, text) {
    const place = places.find((one) => one.name === name);
    if (!place) {
      throw new Error(`there is no exercise ${name} on this page`);
    }
    const workplace = (await load()).at(place);
    workplace.open();
    const opener = place.host.querySelector<HTMLElement>('[data-do="write"]');
    if (opener) {
      opener.hidden = true;
    }
    workplace.write(text);
  },
};

function begin(): void {
  if (settings.notebook) {
    findPlaces();
    addBar();
    tally();
  }
  markLinks();
}

window.addEventListener("storage", () => {
  if (!workbench) {
    tally();
  }
});
if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", begin);
} else {
  begin();
}
