/** What is loaded when somebody presses: the chapter's notebook, its places, and Python. */

import { Notebook, NotebookError } from "./notebook";
import { hostSource, loadScript, scriptSource } from "./packs";
import type { Python } from "./python";
import type { Shared } from "./settings";
import type { Store } from "./store";
import { WasmPython } from "./wasm-python";
import { Workplace } from "./workplace";

const LARGEST = 50e6;

/** A place of the page, as it stands in the document. */
export interface Place {
  /** The element that carries the state. */
  host: HTMLElement;
  /** The exercise; undefined for a cell that is only tried. */
  name: string | undefined;
  cell: string;
  shown: HTMLElement[];
  lines: Map<string, HTMLElement>;
}

/** A chapter that somebody works in. */
export class Workbench {
  private readonly workplaces = new Map<string, Workplace>();

  private constructor(
    private readonly notebook: Notebook,
    private readonly fileName: string,
    private readonly python: Python,
    private readonly store: Store,
    private readonly places: Place[],
    private readonly onTally: () => void,
  ) {
    python.onProgress = (progress) => {
      for (const workplace of this.workplaces.values()) {
        workplace.progress(progress);
      }
    };
    window.addEventListener("pagehide", () => this.saveAll());
    document.addEventListener("visibilitychange", () => this.saveAll());
    window.addEventListener("storage", (event) => this.otherTab(event));
    window.addEventListener("beforeunload", (event) => {
      this.saveAll();
      if (store.refused) {
        event.preventDefault();
      }
    });
  }

  /** Load what a chapter needs, but for Python itself. */
  static async load(shared: Shared, store: Store, places: Place[], onTally: () => void): Promise<Workbench> {
    const { settings } = shared;
    await Promise.all([loadScript(settings.notebook), loadScript(`${settings.runtime}manifest.js`)]);
    const notebook = new Notebook(window.downloaded as string);
    const { files, packs } = shared.manifest as NonNullable<Shared["manifest"]>;
    const isFile = location.protocol === "file:";
    const source = isFile ? scriptSource(settings.runtime, files, shared) : hostSource(settings.runtime, files);
    const fileName = settings.notebook.replace(/^.*\//, "").replace(/\.js$/, "");
    return new Workbench(notebook, decodeURIComponent(fileName), new WasmPython(source, packs), store, places, onTally);
  }

  /** Return the place of work of a place, made at the first call. */
  at(place: Place): Workplace {
    let workplace = this.workplaces.get(place.cell);
    if (!workplace) {
      workplace = new Workplace(place.host, place.name, place.cell, place.shown, place.lines, {
        store: this.store,
        notebook: this.notebook,
        python: this.python,
        written: (cell) => this.written(cell),
        onTally: this.onTally,
      });
      this.workplaces.set(place.cell, workplace);
    }
    return workplace;
  }

  private exercises(): (Place & { name: string })[] {
    return this.places.filter((place): place is Place & { name: string } => place.name !== undefined);
  }

  private written(cell: string): string | undefined {
    const place = this.exercises().find((one) => one.cell === cell);
    return place && (this.workplaces.get(cell)?.text ?? this.store.read(place.name)?.text);
  }

  private saveAll(): void {
    for (const workplace of this.workplaces.values()) {
      workplace.save();
    }
  }

  private otherTab(event: StorageEvent): void {
    for (const place of this.exercises()) {
      if (event.key === this.store.key(place.name)) {
        let last: string | undefined;
        try {
          last = JSON.parse(event.oldValue ?? "null")?.text;
        } catch {
          last = undefined;
        }
        this.workplaces.get(place.cell)?.refresh(last);
      }
    }
    this.onTally();
  }

  /** Give the reader the released notebook with the answers in its cells. */
  download(): void {
    this.saveAll();
    const texts = new Map<string, string>();
    for (const { cell } of this.exercises()) {
      const text = this.written(cell);
      if (text !== undefined) {
        texts.set(cell, text);
      }
    }
    const file = new Blob([this.notebook.filled(texts)], { type: "application/x-ipynb+json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = this.fileName;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /** Take the answers of a notebook in. Returns what to tell the reader. */
  async open(file: File): Promise<string> {
    try {
      if (file.size > LARGEST) {
        throw new NotebookError("This file is too large for a notebook of answers.");
      }
      const cells = this.exercises().map((place) => place.cell);
      const { texts, missing } = this.notebook.answersOf(await file.text(), cells);
      let changed = 0;
      for (const place of this.exercises()) {
        const text = texts.get(place.cell);
        if (text !== undefined && this.take(place, text)) {
          changed++;
        }
      }
      this.onTally();
      const lost = missing.length > 0 ? ` It has no cell for ${missing.join(", ")}.` : "";
      return `${file.name}: ${changed} answer${changed === 1 ? "" : "s"} taken.${lost} What stood here before is kept beside each.`;
    } catch (error) {
      return error instanceof NotebookError ? `${file.name}: ${error.message}` : `${file.name} cannot be read.`;
    }
  }

  private take(place: Place & { name: string }, text: string): boolean {
    const stub = this.notebook.source(place.cell) ?? "";
    const before = this.written(place.cell) ?? stub;
    if (text === before) {
      return false;
    }
    const other = before === stub ? {} : { other: before };
    const done = !this.notebook.isCode(place.cell) && text.trim() !== stub.trim();
    this.store.read(place.name);
    this.store.write(place.name, { text, stub, done, ...other });
    const workplace = this.workplaces.get(place.cell);
    if (workplace) {
      workplace.refresh(before);
    } else {
      this.at(place).open();
    }
    return true;
  }
}

window.coursePython.workbench = { Workbench } as typeof import("./workbench");
