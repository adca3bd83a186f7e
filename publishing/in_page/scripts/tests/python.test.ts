import assert from "node:assert/strict";
import { test } from "node:test";
import { broken } from "./contract";
import { FakePython } from "./fake-python";

test("the test double keeps to the contract of a Python for the page", async () => {
  assert.deepEqual(await broken(new FakePython()), []);
});
