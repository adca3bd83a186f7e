/** What stands around an editor: its buttons, a bar while something is loaded, and what is said. */

import type { Editor } from "./editor";
import { button, element } from "./elements";
import { touchKeys } from "./keys";
import type { Progress } from "./python";

const HELP = "Ctrl+Enter runs. Tab indents; Escape, then Tab, leaves the editor.";
const STARTING = "Starting Python …";

export class Frame {
  readonly element = element("div", "workplace");
  /** What becomes of loading and running; heard by those who hear the page. */
  readonly status = element("p", "workplace-status");
  /** What the reader should know of the text. */
  readonly notice = element("p", "workplace-notice");
  readonly preview = element("div", "workplace-preview");
  private readonly bar = element("progress", "");
  private readonly buttons: Record<"run" | "stop" | "reset", HTMLButtonElement>;

  /** @param press What the buttons do. */
  constructor(press: Record<"run" | "stop" | "reset", () => void>) {
    this.buttons = {
      run: button("run", "Run", press.run),
      stop: button("stop", "Stop", press.stop),
      reset: button("reset", "Reset", press.reset),
    };
    this.status.setAttribute("role", "status");
    this.bar.setAttribute("aria-label", "Loading Python");
    this.bar.hidden = true;
    this.buttons.stop.disabled = true;
  }

  /** Put everything around an editor: of code with what a run shows, of text with its preview. */
  fill(editor: Editor, results: HTMLElement | undefined): void {
    const { run, stop, reset } = this.buttons;
    const tools = element("div", "workplace-tools");
    tools.append(...(results ? [run, stop, reset] : [reset]), this.bar);
    this.element.append(editor.element);
    if (results) {
      const help = element("p", "workplace-help", HELP);
      this.element.append(touchKeys(editor), help, tools, this.notice, this.status, results);
    } else {
      this.preview.setAttribute("aria-label", "Preview");
      this.preview.setAttribute("role", "region");
      this.element.append(tools, this.notice, this.status, this.preview);
    }
  }

  /** Let those buttons be pressed that mean something now. */
  setBusy(isBusy: boolean): void {
    this.buttons.run.disabled = this.buttons.reset.disabled = isBusy;
    this.buttons.stop.disabled = !isBusy;
    if (!isBusy) {
      this.bar.hidden = true;
    }
  }

  say(text: string): void {
    this.bar.hidden = true;
    this.status.removeAttribute("aria-busy");
    this.status.textContent = text;
  }

  /** Say that Python is there, to who waited for it. */
  loaded(): void {
    if (this.status.textContent === STARTING) {
      this.say("Python is ready.");
    }
  }

  /** Show how far loading is. */
  progress({ loaded, total }: Progress): void {
    const isLoading = loaded < total;
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    this.bar.hidden = !isLoading;
    this.bar.max = total;
    this.bar.value = loaded;
    this.status.textContent = isLoading ? `Loading Python: ${megabytes(loaded)} of ${megabytes(total)} MB` : STARTING;
    this.status.toggleAttribute("aria-busy", isLoading);
  }
}
