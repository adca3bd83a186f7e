/** A notebook of nbgrader, as its released file has it: what its cells are, and answers in them. */

import type { EarlierCell, Cell as RunnableCell } from "./python";

interface NbgraderMetadata {
  grade_id?: string;
  grade?: boolean;
  solution?: boolean;
  task?: boolean;
}

interface NotebookCell {
  id?: string;
  cell_type: string;
  source: string | string[];
  metadata: { nbgrader?: NbgraderMetadata };
  outputs?: unknown[];
  execution_count?: number | null;
}

export interface NotebookFile {
  cells: NotebookCell[];
  nbformat: number;
}

/** Something is wrong with a file; the message is for the reader. */
export class NotebookError extends Error {}

const text = (cell: NotebookCell) => (Array.isArray(cell.source) ? cell.source.join("") : cell.source);
const lines = (source: string) => source.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** A released notebook. */
export class Notebook {
  private readonly file: NotebookFile;

  constructor(private readonly json: string) {
    this.file = parse(json);
  }

  /** The cell of a name: a `grade_id`, or the id of a cell. */
  private find(name: string): NotebookCell | undefined {
    return (
      this.file.cells.find((cell) => cell.metadata.nbgrader?.grade_id === name) ??
      this.file.cells.find((cell) => cell.id === name)
    );
  }

  /** The text that a cell is released with. */
  source(name: string): string | undefined {
    const cell = this.find(name);
    return cell && text(cell);
  }

  /** The cells that students write into, by name: graded ones, and what a page says is a place. */
  isCode(name: string): boolean {
    return this.find(name)?.cell_type === "code";
  }

  /** The code cells before one, with what was written into answers. */
  before(name: string, written: (name: string) => string | undefined): EarlierCell[] {
    const end = this.file.cells.indexOf(this.find(name) as NotebookCell);
    return this.file.cells
      .slice(0, end)
      .filter((cell) => cell.cell_type === "code" && !isTest(cell))
      .map((cell, place) => {
        const grader = cell.metadata.nbgrader;
        if (!grader?.solution) {
          return { id: cell.id ?? `cell ${place + 1}`, source: text(cell), role: "other" };
        }
        const id = grader.grade_id as string;
        return { id, source: written(id) ?? text(cell), role: "answer" };
      });
  }

  /** Test cells of these names in which anything runs. */
  tests(names: string[]): RunnableCell[] {
    return names
      .map((name) => ({ id: name, source: this.source(name) ?? "" }))
      .filter((test) => !saysNothing(test.source));
  }

  /** The file with texts in its cells. Everything else stays as it was released. */
  filled(texts: Map<string, string>): string {
    const copy = parse(this.json);
    for (const cell of copy.cells) {
      const names = [cell.metadata.nbgrader?.grade_id, cell.id];
      const written = names.map((name) => name && texts.get(name)).find((one) => one !== undefined);
      if (written !== undefined && !isLocked(cell)) {
        cell.source = Array.isArray(cell.source) ? lines(written as string) : (written as string);
        if (cell.cell_type === "code") {
          cell.outputs = [];
          cell.execution_count = null;
        }
      }
    }
    return `${JSON.stringify(copy, null, 1)}\n`;
  }

  /**
   * Return the texts of a notebook that was handed in or saved elsewhere.
   *
   * @param json The file.
   * @param places The cells that students write into.
   */
  answersOf(json: string, places: string[]): { texts: Map<string, string>; missing: string[] } {
    const other = parse(json);
    const texts = new Map<string, string>();
    for (const name of places) {
      const own = this.find(name);
      const cell =
        other.cells.find((one) => one.metadata?.nbgrader?.grade_id === name) ??
        other.cells.find((one) => one.id === name);
      if (own && cell && cell.cell_type === own.cell_type) {
        texts.set(name, text(cell));
      }
    }
    if (texts.size === 0) {
      throw new NotebookError("This notebook has no answers for this page: is it another chapter's?");
    }
    return { texts, missing: places.filter((name) => !texts.has(name)) };
  }
}

function isTest(cell: NotebookCell): boolean {
  const grader = cell.metadata.nbgrader;
  return Boolean(grader?.grade && !grader.solution);
}

function isLocked(cell: NotebookCell): boolean {
  const grader = cell.metadata.nbgrader;
  return Boolean(grader?.grade_id && !grader.solution);
}

/** Whether a test cell is no more than words: all of its tests are hidden. */
function saysNothing(source: string): boolean {
  const rest = source.replace(/^\s*[rR]?("""|''')[\s\S]*?\1/, "");
  return rest.split("\n").every((line) => /^\s*(#.*)?$/.test(line));
}

function parse(json: string): NotebookFile {
  let file: NotebookFile;
  try {
    file = JSON.parse(json.replace(/^\ufeff/, ""));
  } catch {
    throw new NotebookError("This file is no notebook: it is not in JSON.");
  }
  if (file?.nbformat !== 4 || !Array.isArray(file.cells)) {
    throw new NotebookError("This file is no notebook of version 4, as JupyterLab writes them.");
  }
  const isCell = (cell: NotebookCell) =>
    cell &&
    typeof cell === "object" &&
    typeof cell.metadata === "object" &&
    (typeof cell.source === "string" ||
      (Array.isArray(cell.source) && cell.source.every((one) => typeof one === "string")));
  if (!file.cells.every(isCell)) {
    throw new NotebookError("A cell of this notebook is broken: it has no text.");
  }
  return file;
}
