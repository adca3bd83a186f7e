/** What the page asks of a Python: the one interface between what readers see and what runs. */

/** A cell to run. */
export interface Cell {
  id: string;
  source: string;
}

/** A cell that stands before it in the notebook: an answer, or another code cell. */
export interface EarlierCell extends Cell {
  role: "answer" | "other";
}

/** One run: a cell, what it may need of the cells before it, and the tests after it. */
export interface Request {
  cell: Cell;
  before: EarlierCell[];
  tests: Cell[];
}

/** A line of code that an error leads through. */
export interface Line {
  cell: string;
  line: number;
  code: string;
}

/** An error, in the words of Python and perhaps in a sentence of ours. */
export interface Trouble {
  kind: string;
  message: string;
  lines: Line[];
  sentence: string;
  /** The module that is not there, where that is the trouble. */
  module?: string;
}

export type Outcome = "passed" | "failed" | "error" | "stopped";

/** What happens during a run, in this order: the cell's events, then one `test` for each test. */
export type RunEvent =
  | { event: "output"; stream: "stdout" | "stderr"; text: string }
  | { event: "cut"; limit: number }
  | { event: "value"; text: string }
  | { event: "figure"; png: string }
  | ({ event: "error" } & Trouble)
  | ({ event: "earlier"; id: string } & Trouble)
  | { event: "test"; id: string; outcome: Outcome; message: string; lines?: Line[]; sentence?: string }
  /** Something had to be loaded first: what was told before counts no more. */
  | { event: "again" };

/** How a run ended. After each of them the next run works. */
export type Ending = "done" | "stopped" | "crashed";

/** How far loading is, in bytes. */
export interface Progress {
  loaded: number;
  total: number;
}

/** A Python for the page. Every run starts from the same fresh state. */
export interface Python {
  /** Load what is needed and start; a second call waits for the first. */
  start(): Promise<void>;
  /** Run; one at a time. */
  run(request: Request, tell: (event: RunEvent) => void): Promise<Ending>;
  /** End the run, if there is one, and start anew. */
  stop(): void;
  /** Called while something is loaded. */
  onProgress: (progress: Progress) => void;
}
