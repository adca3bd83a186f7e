import assert from "node:assert/strict";
import { test } from "node:test";
import { Notebook, NotebookError } from "../src/notebook";

const cell = (id: string, cell_type: string, source: string | string[], grader?: object) => ({
  id,
  cell_type,
  source,
  metadata: grader ? { nbgrader: { grade_id: id, ...grader } } : {},
  ...(cell_type === "code" ? { outputs: ["something"], execution_count: 1 } : {}),
});
const FILE = {
  cells: [
    cell("setup", "code", ["import numpy as np\n", "x = 1"]),
    cell("f", "code", "def f(): ...", { solution: true }),
    cell("f_works", "code", "assert f()", { grade: true, locked: true }),
    cell("f_hidden", "code", '"""Words."""\n# more\n', { grade: true }),
    cell("task", "markdown", "Derive.", { task: true }),
    cell("derivation", "markdown", ["*Write here.*"]),
    cell("g", "code", "def g(): ...", { solution: true }),
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
};
const notebook = new Notebook(JSON.stringify(FILE));

test("what an exercise may need is every code cell before it that is no test, with what was written", () => {
  const before = notebook.before("g", (name) => (name === "f" ? "def f(): return 1" : undefined));
  assert.deepEqual(before, [
    { id: "setup", source: "import numpy as np\nx = 1", role: "other" },
    { id: "f", source: "def f(): return 1", role: "answer" },
  ]);
});

test("a test that is hidden as a whole is not run", () => {
  assert.deepEqual(notebook.tests(["f_works", "f_hidden"]), [{ id: "f_works", source: "assert f()" }]);
});

test("answers go into their cells, and all the rest stays", () => {
  const texts = new Map([
    ["f", "def f():\n    return 1"],
    ["derivation", "a\nb"],
    ["task", "no"],
    ["f_works", "no"],
  ]);
  const filled = JSON.parse(notebook.filled(texts));
  assert.equal(filled.cells[1].source, "def f():\n    return 1");
  assert.deepEqual(filled.cells[1].outputs, []);
  assert.deepEqual(filled.cells[5].source, ["a\n", "b"]);
  for (const place of [0, 2, 3, 4, 6]) {
    assert.deepEqual(filled.cells[place], FILE.cells[place]);
  }
});

test("a notebook from elsewhere gives its answers", () => {
  const filled = notebook.filled(new Map([["f", "def f(): return '<b>'"]]));
  const { texts, missing } = notebook.answersOf(filled, ["f", "derivation", "absent"]);
  assert.deepEqual([...texts].sort(), [
    ["derivation", "*Write here.*"],
    ["f", "def f(): return '<b>'"],
  ]);
  assert.deepEqual(missing, ["absent"]);
});

test("a file that is no notebook of this chapter is refused in a sentence", () => {
  const other = JSON.stringify({ ...FILE, cells: FILE.cells.slice(0, 1) });
  for (const file of ["no JSON", "null", '{"nbformat": 3}', '{"nbformat": 4, "cells": [1]}', other]) {
    assert.throws(() => notebook.answersOf(file, ["f"]), NotebookError);
  }
});
