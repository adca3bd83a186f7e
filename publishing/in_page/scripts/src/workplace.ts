/** A place to work: what is written there, how it is kept, and what becomes of a run. */

import { type Editor, makeEditor } from "./editor";
import { button } from "./elements";
import { Frame } from "./frame";
import type { Notebook } from "./notebook";
import { preview } from "./preview";
import type { Ending, Progress, Python, Request, RunEvent } from "./python";
import { Results } from "./results";
import type { Entry, Store } from "./store";
import { Verdicts } from "./verdicts";

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
const NOT_KEPT =
  "This browser keeps nothing here (a private window, or its storage is full): download your notebook before you close the page.";
const CRASHED = "Python broke down in this run, and a new one has started: the next Run works.";
const ENDINGS: Record<Ending, string> = { done: "Done.", stopped: "Stopped.", crashed: CRASHED };

export class Workplace {
  private editor!: Editor;
  private readonly results: Results;
  private readonly verdicts: Verdicts;
  private readonly frame: Frame;
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
    lines: Map<string, HTMLElement>,
    private readonly around: Surroundings,
  ) {
    this.results = new Results(cell);
    this.verdicts = new Verdicts(cell, around.notebook.tests([...lines.keys()]), lines);
    this.frame = new Frame({
      run: () => void this.run(),
      stop: () => this.around.python.stop(),
      reset: () => this.reset(),
    });
    this.stub = around.notebook.source(cell) ?? "";
    this.setState("idle");
  }

  private get isCode(): boolean {
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
    this.frame.fill(this.editor, this.isCode ? this.results.element : undefined);
    this.verdicts.explain();
    for (const one of this.shown) {
      one.hidden = true;
    }
    this.shown[0].after(this.frame.element);
    this.tell(entry);
    this.editor.focus();
    if (this.isCode) {
      void this.prepare();
    } else {
      void preview(this.frame.preview, this.editor.text);
    }
  }

  /** Load Python while the reader writes. */
  private async prepare(): Promise<void> {
    this.setState("loading");
    try {
      await this.around.python.start();
      this.frame.loaded();
    } catch (error) {
      this.failed(error);
    }
    if (!this.isBusy) {
      this.setState("idle");
    }
  }

  private failed(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.frame.say(`Python could not be loaded: ${why}. Press Run to try again.`);
  }

  /** Replace the text, as if it were typed. */
  write(text: string): void {
    this.editor.text = text;
    this.save();
  }

  /** Show how far loading is, where somebody waits for it. */
  progress(progress: Progress): void {
    if (this.host.dataset.state === "loading" || this.host.dataset.state === "running") {
      this.frame.progress(progress);
    }
  }

  /** Run what is written, and then the tests. */
  async run(): Promise<void> {
    if (this.isBusy || !this.isCode) {
      return;
    }
    this.isBusy = true;
    this.save();
    this.clear();
    this.frame.setBusy(true);
    this.frame.say("Running …");
    this.setState("loading");
    try {
      await this.around.python.start();
      this.setState("running");
      this.frame.say("Running …");
      this.finish(await this.around.python.run(this.request(), (event) => this.hear(event)));
    } catch (error) {
      this.failed(error);
    } finally {
      this.isBusy = false;
      this.frame.setBusy(false);
      this.setState("done");
    }
  }

  private request(): Request {
    const { notebook, written } = this.around;
    return {
      cell: { id: this.cell, source: this.text },
      before: notebook.before(this.cell, written),
      tests: this.verdicts.tests,
    };
  }

  private hear(event: RunEvent): void {
    if (event.event === "again") {
      this.clear();
    } else if (event.event === "test") {
      this.verdicts.show(event);
    } else {
      this.results.show(event);
    }
  }

  private finish(ending: Ending): void {
    if (ending !== "done") {
      this.results.say(ENDINGS[ending]);
    }
    this.verdicts.finish(ending);
    const { sentence, passed, tests } = this.verdicts;
    this.frame.say(ending === "done" ? sentence || ENDINGS.done : `${ENDINGS[ending]} ${sentence}`.trim());
    if (this.name !== undefined && tests.length > 0) {
      this.save(passed === tests.length);
    }
  }

  private clear(): void {
    this.results.clear();
    this.verdicts.clear();
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
      void preview(this.frame.preview, text);
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
    const { notice } = this.frame;
    notice.replaceChildren();
    if (this.around.store.refused) {
      notice.append(NOT_KEPT);
    }
    if (entry && entry.stub !== this.stub) {
      notice.append(" The book has a new stub for this exercise. Your text stays; Reset brings the new stub. ");
    }
    if (entry?.other !== undefined && entry.other !== entry.text) {
      const take = button("other", "Exchange the texts", () => this.exchange());
      notice.append(" Another text of this exercise is kept, too (from another tab or a file). ", take);
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
    this.frame.say("The stub is back. ");
    const undo = button("undo", "Undo", () => {
      this.editor.text = before;
      if (this.name !== undefined && entry) {
        this.around.store.write(this.name, { ...entry, text: before });
      }
      this.save();
      this.frame.say("Your text is back.");
      this.editor.focus();
    });
    this.frame.status.append(undo);
    this.editor.focus();
  }
}
