import assert from "node:assert/strict";
import { test } from "node:test";
import { partsOf } from "../src/preview";
import { type Shelf, Store } from "../src/store";

class Memory implements Shelf {
  readonly items = new Map<string, string>();

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }

  removeItem(key: string): void {
    this.items.delete(key);
  }
}

class Full extends Memory {
  override setItem(): void {
    throw new DOMException("full", "QuotaExceededError");
  }
}

const entry = (text: string) => ({ text, stub: "stub", done: false });

test("what was written is there for the next visit", () => {
  const shelf = new Memory();
  assert.equal(new Store(shelf, "book", "page").write("f", entry("mine")), true);
  assert.equal(new Store(shelf, "book", "page").read("f")?.text, "mine");
  assert.equal(new Store(shelf, "book", "other").read("f"), undefined);
});

test("a text of another tab that was not seen stays beside the new one", () => {
  const shelf = new Memory();
  const [one, two] = [new Store(shelf, "book", "page"), new Store(shelf, "book", "page")];
  one.read("f");
  two.read("f");
  one.write("f", entry("one"));
  two.write("f", entry("two"));
  assert.deepEqual(one.read("f"), { ...entry("two"), other: "one" });
  one.write("f", entry("three")); // it has seen the other's
  assert.equal(one.read("f")?.other, undefined);
});

test("where the browser keeps nothing, the page does, and says so", () => {
  for (const shelf of [new Full(), undefined]) {
    const store = new Store(shelf, "book", "page");
    assert.equal(store.write("f", entry("mine")), false);
    assert.equal(store.refused, true);
    assert.equal(store.read("f")?.text, "mine");
  }
});

test("what stands in the storage and is no entry counts for nothing", () => {
  const shelf = new Memory();
  const store = new Store(shelf, "book", "page");
  for (const value of ["no JSON", "3", "null", '{"text": 1, "stub": ""}', '{"text": "a"}']) {
    shelf.setItem(store.key("f"), value);
    assert.equal(store.read("f"), undefined);
  }
});

test("formulas are told from words, and reach nothing outside of them", () => {
  assert.deepEqual(partsOf("Let $a$ be $$b$$."), [
    { kind: "text", text: "Let " },
    { kind: "inline", text: "a" },
    { kind: "text", text: " be " },
    { kind: "display", text: "b" },
    { kind: "text", text: "." },
  ]);
  for (const command of ["href", "style", "class", "require", "html", "htmlData", "unicode"]) {
    const [part] = partsOf(`$\\${command}{javascript:alert(1)}{x}$`);
    assert.ok(!part.text.includes(`\\${command}`), part.text);
  }
});
