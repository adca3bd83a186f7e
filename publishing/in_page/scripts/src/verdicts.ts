/** The lines of an exercise's tests: each gets a mark, and a message where there is one. */

import { element } from "./elements";
import type { Cell, Ending, Outcome, RunEvent } from "./python";
import { sentenceFor } from "./results";

type TestEvent = Extract<RunEvent, { event: "test" }>;

const MARKS: Record<Outcome, string> = { passed: "✓", failed: "✗", error: "✗", stopped: "■" };
const VISIBLE = "These are the visible tests; more are run when you hand in.";
/** Code that makes an error of a warning: WebAssembly has no flags of floating point, so numpy gives none. */
const RESTS_ON_WARNINGS = /(simplefilter|filterwarnings)\(\s*["']error|errstate\([^)]*["']raise|\brecord=True/;
const WARNINGS = "Whether numpy gives a warning is checked when you hand in.";

export class Verdicts {
  private readonly outcomes = new Map<string, Outcome>();

  /**
   * @param own The answer's cell: lines of its code are told.
   * @param tests The tests that are run.
   * @param lines The lines of all tests, by their names.
   */
  constructor(
    private readonly own: string,
    readonly tests: Cell[],
    private readonly lines: Map<string, HTMLElement>,
  ) {}

  get passed(): number {
    return [...this.outcomes.values()].filter((outcome) => outcome === "passed").length;
  }

  /** What is said of all of them. */
  get sentence(): string {
    return this.tests.length === 0 ? "" : `${this.passed} of ${this.tests.length} visible tests pass.`;
  }

  /** Say once, below the lines, what these tests are. */
  explain(): void {
    const [first] = this.lines.values();
    const list = first?.parentElement;
    if (list && !list.nextElementSibling?.classList.contains("workplace-visible")) {
      list.after(element("p", "workplace-visible", VISIBLE));
    }
  }

  clear(): void {
    this.outcomes.clear();
    for (const line of this.lines.values()) {
      delete line.dataset.outcome;
      for (const old of line.querySelectorAll(".test-mark, .test-message")) {
        old.remove();
      }
    }
  }

  /** Show what a test says. */
  show(event: TestEvent): void {
    const where = event.lines?.filter((line) => line.cell === this.own).at(-1);
    const place = where ? ` (line ${where.line} of your code: ${where.code.trim()})` : "";
    const rests = RESTS_ON_WARNINGS.test(this.tests.find((test) => test.id === event.id)?.source ?? "");
    const said = event.outcome === "passed" && rests ? WARNINGS : sentenceFor(event);
    this.mark(event.id, event.outcome, `${event.message}${place} ${said}`.trim());
  }

  /** Mark the tests that a run did not come to. */
  finish(ending: Ending): void {
    for (const test of this.tests) {
      if (!this.outcomes.has(test.id)) {
        this.mark(test.id, ending === "crashed" ? "error" : "stopped", "");
      }
    }
  }

  private mark(test: string, outcome: Outcome, message: string): void {
    this.outcomes.set(test, outcome);
    const line = this.lines.get(test);
    if (!line) {
      return;
    }
    line.dataset.outcome = outcome;
    const mark = element("span", "test-mark", MARKS[outcome]);
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", outcome);
    (line.querySelector(".test-line, summary") ?? line).prepend(mark);
    if (message) {
      line.append(element("pre", "test-message", message));
    }
  }
}
