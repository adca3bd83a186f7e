import assert from "node:assert/strict";
import { test } from "node:test";
import { broken } from "./contract.js";
import { FakePython } from "./fake-python";

test("the test double keeps to the contract of a Python for the page", async () => {
  assert.deepEqual(await broken(new FakePython()), []);
});

test("the contract sees a Python that does not keep to it", async () => {
  const forgetful = new FakePython();
  forgetful.start = async () => {};
  const run = forgetful.run.bind(forgetful);
  forgetful.run = (request, tell) => run({ ...request, tests: [...request.tests].reverse(), before: [] }, tell);
  assert.deepEqual(await broken(forgetful), [
    "start() tells how far it is, to the end",
    "tests are told in order, after an error, too",
    "a run knows the earlier answers that it uses",
  ]);
});
