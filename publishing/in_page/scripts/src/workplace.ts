/** A place to work: an editor, its buttons, and what a run shows. */

import { type Editor, makeEditor } from "./editor";
import type { Notebook } from "./notebook";
import { preview } from "./preview";
import type { Cell, Ending, Outcome, Progress, Python, RunEvent } from "./python";
import { element, Results, sentenceFor } from "./results";
import type { Entry, Store } from "./store";

export type State = "idle" | "loading" | "running" | "done";

/** What a place stands in. */
export interface Surroundings {
  store: Store;
  notebook: Notebook;
  python: Python;
  /** What is written into a place of this page now. */
  written(cell: string): string | undefined;
  /** Called when something was done, or is done no more. */
  onTally(): void;
}

const SAVE_AFTER = 250;
const MARKS: Record<Outcome, string> = { passed: "✓", failed: "✗", error: "✗", stopped: "■" };
const VISIBLE = "These are the visible tests; more are run when you hand in.";
const NOT_KEPT =
  "This browser keeps nothing here (a private window, or its storage is full): download your notebook before you close the page.";
/** Code that makes an error of a warning: WebAssembly has no flags of floating point, so numpy gives none. */
const RESTS_ON_WARNINGS = /(simplefilter|filterwarnings)\(\s*["']error|errstate\([^)]*["']raise|\brecord=True/;
const WARNINGS = "Whether numpy gives a warning is checked when you hand in.";
const CRASHED = "Python broke down in this run, and a new one has started: the next Run works.";

export function button(what: string, label: string, press: () => void): HTMLButtonElement {
  const made = element("button", "btn btn-sm workplace-button", label);
  made.type = "button";
  made.dataset.do = what;
  made.addEventListener("click", press);
  return made;
}

export class Workplace {
  private editor!: Editor;
  private readonly results: Results;
  private readonly box = element("div", "workplace");
  private readonly status = element("p", "workplace-status");
  private readonly notice = element("p", "workplace-notice");
  private readonly bar = element("progress", "");
  private readonly preview = element("div", "workplace-preview");
  private readonly buttons: Record<"run" | "stop" | "reset", HTMLButtonElement>;
  private readonly tests: Cell[];
  private readonly stub: string;
  private timer: number | undefined;
  private isShown = false;
  private isBusy = false;

  /**
   * @param host The element that carries the state.
   * @param name Under which a text is kept; undefined where nothing is.
   * @param cell The cell of the notebook.
   * @param shown What the page shows in its place, and hides meanwhile.
   * @param lines The lines of tests, by their names.
   */
  constructor(
    private readonly host: HTMLElement,
    private readonly name: string | undefined,
    private readonly cell: string,
    private readonly shown: HTMLElement[],
    private readonly lines: Map<string, HTMLElement>,
    private readonly around: Surroundings,
  ) {
    this.results = new Results(cell);
    this.tests = around.notebook.tests([...lines.keys()]);
    this.stub = around.notebook.source(cell) ?? "";
    this.buttons = {
      run: button("run", "Run", () => void this.run()),
      stop: button("stop", "Stop", () => this.around.python.stop()),
      reset: button("reset", "Reset", () => this.reset()),
    };
    this.setState("idle");
  }

  get isCode(): boolean {
    return this.around.notebook.isCode(this.cell);
  }

  get text(): string {
    return this.isShown ? this.editor.text : (this.entry()?.text ?? this.stub);
  }

  private entry(): Entry | undefined {
    return this.name === undefined ? undefined : this.around.store.read(this.name);
  }

  /** Show the editor. */
  open(): void {
    if (this.isShown) {
      this.editor.focus();
      return;
    }
    const entry = this.entry();
    const label = this.isCode
      ? `Code of ${this.name ?? this.cell}. Tab indents; Escape, then Tab, leaves the editor. Control and Enter runs it.`
      : `Your text for ${this.name}, in Markdown, with formulas between dollar signs.`;
    this.editor = makeEditor(
      entry?.text ?? this.stub,
      label,
      this.isCode,
      () => this.changed(),
      () => void this.run(),
    );
    this.isShown = true;
    this.status.setAttribute("role", "status");
    this.bar.hidden = true;
    this.buttons.stop.disabled = true;
    const tools = element("div", "workplace-tools");
    const { run, stop, reset } = this.buttons;
    tools.append(...(this.isCode ? [run, stop, reset] : [reset]), this.bar);
    this.box.append(this.editor.element, tools, this.notice, this.status);
    if (this.isCode) {
      const help = element("p", "workplace-help", "Ctrl+Enter runs. Tab indents; Escape, then Tab, leaves the editor.");
      this.editor.element.after(help);
      this.box.append(this.results.element);
    } else {
      this.preview.setAttribute("aria-label", "Preview");
      this.preview.setAttribute("role", "region");
      this.box.append(this.preview);
      void preview(this.preview, this.editor.text);
    }
    if (this.lines.size > 0) {
      const list = [...this.lines.values()][0].parentElement;
      const isThere = list?.nextElementSibling?.classList.contains("workplace-visible");
      if (!isThere) {
        list?.after(element("p", "workplace-visible", VISIBLE));
      }
    }
    for (const one of this.shown) {
      one.hidden = true;
    }
    this.shown[0].after(this.box);
    this.tell(entry);
    this.editor.focus();
    if (this.isCode) {
      void this.prepare();
    }
  }

  /** Load Python while the reader writes. */
  private async prepare(): Promise<void> {
    this.setState("loading");
    try {
      await this.around.python.start();
    } catch (error) {
      this.failed(error);
    }
    if (!this.isBusy) {
      this.setState("idle");
    }
  }

  private failed(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.status.textContent = `Python could not be loaded: ${why}. Press Run to try again.`;
  }

  /** Replace the text, as if it were typed. */
  write(text: string): void {
    this.editor.text = text;
    this.save();
  }

  /** Show how far loading is, where somebody waits for it. */
  progress({ loaded, total }: Progress): void {
    if (this.host.dataset.state !== "loading" && this.host.dataset.state !== "running") {
      return;
    }
    this.bar.hidden = loaded >= total;
    this.bar.max = total;
    this.bar.value = loaded;
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    this.bar.setAttribute("aria-label", "Loading Python");
    const said = `Loading Python: ${megabytes(loaded)} of ${megabytes(total)} MB`;
    this.status.textContent = loaded < total ? said : "Starting Python …";
    this.status.toggleAttribute("aria-busy", loaded < total);
  }

  /** Run what is written, and then the tests. */
  async run(): Promise<void> {
    if (this.isBusy || !this.isCode) {
      return;
    }
    this.isBusy = true;
    this.save();
    const { python, notebook } = this.around;
    const outcomes = new Map<string, Outcome>();
    const { run, stop, reset } = this.buttons;
    run.disabled = reset.disabled = true;
    stop.disabled = false;
    this.clear();
    this.setState("loading");
    this.status.textContent = "Running …";
    let ending: Ending = "crashed";
    try {
      await python.start();
      this.setState("running");
      this.bar.hidden = true;
      this.status.textContent = "Running …";
      const before = notebook.before(this.cell, (cell) => this.around.written(cell));
      const cell = { id: this.cell, source: this.text };
      ending = await python.run({ cell, before, tests: this.tests }, (event) => this.hear(event, outcomes));
      this.finish(ending, outcomes);
    } catch (error) {
      this.failed(error);
    } finally {
      this.isBusy = false;
      this.bar.hidden = true;
      run.disabled = reset.disabled = false;
      stop.disabled = true;
      this.setState("done");
    }
  }

  private hear(event: RunEvent, outcomes: Map<string, Outcome>): void {
    if (event.event === "again") {
      this.clear();
      outcomes.clear();
    } else if (event.event === "test") {
      outcomes.set(event.id, event.outcome);
      const where = event.lines?.filter((line) => line.cell === this.cell).at(-1);
      const place = where ? ` (line ${where.line} of your code: ${where.code.trim()})` : "";
      const sentence = sentenceFor(event);
      const rests = RESTS_ON_WARNINGS.test(this.tests.find((test) => test.id === event.id)?.source ?? "");
      const said = event.outcome === "passed" && rests ? WARNINGS : sentence;
      this.mark(event.id, event.outcome, `${event.message}${place} ${said}`.trim());
    } else {
      this.results.show(event);
    }
  }

  private finish(ending: Ending, outcomes: Map<string, Outcome>): void {
    const rest = this.tests.filter((test) => !outcomes.has(test.id));
    if (ending === "stopped") {
      this.results.say("Stopped.");
    } else if (ending === "crashed") {
      this.results.say(CRASHED);
    }
    for (const test of rest) {
      outcomes.set(test.id, ending === "crashed" ? "error" : "stopped");
      this.mark(test.id, outcomes.get(test.id) as Outcome, "");
    }
    const passed = [...outcomes.values()].filter((outcome) => outcome === "passed").length;
    const said = { done: "Done.", stopped: "Stopped.", crashed: CRASHED }[ending];
    const verdict = `${passed} of ${this.tests.length} visible tests pass.`;
    this.status.textContent = this.tests.length === 0 ? said : ending === "done" ? verdict : `${said} ${verdict}`;
    if (this.name !== undefined && this.tests.length > 0) {
      this.save(passed === this.tests.length);
    }
  }

  private mark(test: string, outcome: Outcome, message: string): void {
    const line = this.lines.get(test);
    if (line) {
      line.dataset.outcome = outcome;
      const mark = element("span", "test-mark", MARKS[outcome]);
      mark.setAttribute("role", "img");
      mark.setAttribute("aria-label", outcome);
      line.querySelector(".test-line, summary")?.prepend(mark);
      if (!mark.isConnected) {
        line.prepend(mark);
      }
      if (message) {
        line.append(element("pre", "test-message", message));
      }
    }
  }

  private clear(): void {
    this.results.clear();
    for (const line of this.lines.values()) {
      delete line.dataset.outcome;
      for (const old of line.querySelectorAll(".test-mark, .test-message")) {
        old.remove();
      }
    }
  }

  private setState(state: State): void {
    this.host.dataset.state = state;
  }

  private changed(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), SAVE_AFTER);
  }

  /** Keep what is written. Where a person grades, something written is something done. */
  save(isDone?: boolean): void {
    window.clearTimeout(this.timer);
    if (this.name === undefined || !this.isShown) {
      return;
    }
    const { store } = this.around;
    const entry = store.read(this.name);
    const text = this.editor.text;
    if (!this.isCode) {
      void preview(this.preview, text);
    }
    if (text === this.stub && !entry?.other) {
      store.remove(this.name);
    } else if (text !== entry?.text || isDone !== undefined) {
      const done =
        isDone ?? (this.isCode ? entry?.done === true && entry.text === text : text.trim() !== this.stub.trim());
      const other = entry?.other;
      store.write(this.name, { text, stub: entry?.stub ?? this.stub, done, ...(other === undefined ? {} : { other }) });
    }
    this.tell(store.read(this.name));
    this.around.onTally();
  }

  /** Another tab wrote: take its text, unless something else was typed here meanwhile. */
  refresh(lastKept: string | undefined): void {
    if (this.name === undefined || !this.isShown) {
      return;
    }
    if (this.editor.text === (lastKept ?? this.stub)) {
      const entry = this.entry();
      this.editor.text = entry?.text ?? this.stub;
      window.clearTimeout(this.timer);
      this.tell(entry);
    }
  }

  /** Say what the reader should know of the text. */
  private tell(entry: Entry | undefined): void {
    this.notice.replaceChildren();
    if (this.around.store.refused) {
      this.notice.append(NOT_KEPT);
    }
    if (entry && entry.stub !== this.stub) {
      this.notice.append(" The book has a new stub for this exercise. Your text stays; Reset brings the new stub. ");
    }
    if (entry?.other !== undefined && entry.other !== entry.text) {
      const take = button("other", "Exchange the texts", () => this.exchange());
      this.notice.append(" Another text of this exercise is kept, too (from another tab or a file). ", take);
    }
  }

  private exchange(): void {
    const entry = this.entry();
    if (this.name !== undefined && entry?.other !== undefined) {
      const text = this.editor.text;
      this.around.store.write(this.name, { ...entry, text: entry.other, other: text, done: false });
      this.editor.text = entry.other;
      this.tell(this.entry());
    }
  }

  private reset(): void {
    const before = this.editor.text;
    const entry = this.entry();
    this.editor.text = this.stub;
    this.clear();
    this.setState("idle");
    if (this.name !== undefined) {
      this.around.store.remove(this.name);
    }
    this.save();
    this.status.textContent = "The stub is back. ";
    const undo = button("undo", "Undo", () => {
      this.editor.text = before;
      if (this.name !== undefined && entry) {
        this.around.store.write(this.name, { ...entry, text: before });
      }
      this.save();
      this.status.textContent = "Your text is back.";
      this.editor.focus();
    });
    this.status.append(undo);
    this.editor.focus();
  }
}
