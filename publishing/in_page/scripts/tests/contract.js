/**
 * What every Python for the page keeps to. Plain JavaScript, so that Node runs it on the test
 * double and a browser, as it stands, on the real one.
 */

/** @typedef {import("../src/python").Python} Python */
/** @typedef {import("../src/python").RunEvent} RunEvent */
/** @typedef {import("../src/python").Request} Request */

/**
 * Say what is broken; the list is empty when all is well.
 *
 * @param {Python} python
 * @returns {Promise<string[]>}
 */
export async function broken(python) {
  /** @type {string[]} */
  const found = [];
  /** @type {(is: unknown, what: string) => void} */
  const check = (is, what) => {
    if (!is) {
      found.push(what);
    }
  };
  /** @type {(source: string, tests?: string[], before?: Request["before"]) => Promise<{ ending: string, events: any[] }>} */
  const run = async (source, tests = [], before = []) => {
    /** @type {RunEvent[]} */
    const events = [];
    const cells = tests.map((test, number) => ({ id: `test_${number}`, source: test }));
    const request = { cell: { id: "answer", source }, before, tests: cells };
    return { ending: await python.run(request, (event) => events.push(event)), events };
  };
  let last = { loaded: -1, total: 0 };
  python.onProgress = (progress) => {
    check(progress.loaded >= 0 && progress.loaded <= progress.total, "progress is a part of a whole");
    last = progress;
  };
  await Promise.all([python.start(), python.start()]);
  check(last.loaded === last.total && last.total > 0, "start() tells how far it is, to the end");

  let { ending, events } = await run('print("hello")');
  check(ending === "done", "a run that ends is done");
  check(events.length === 1 && events[0].event === "output" && events[0].text === "hello\n", "output is told");
  check(events[0].stream === "stdout", "output has the name of its stream");

  ({ ending, events } = await run("6 * 7"));
  check(events.length === 1 && events[0].event === "value" && events[0].text === "42", "a last value is told");

  ({ ending, events } = await run("1 / 0", ["assert True", "assert False"]));
  check(ending === "done", "an error of the student's is no crash");
  check(events[0].event === "error" && events[0].kind === "ZeroDivisionError", "an error is told by its kind");
  check(events[0].lines[0].line === 1 && events[0].lines[0].code === "1 / 0", "an error is told with its line");
  const outcomes = events.slice(1).map((event) => `${event.event} ${event.id} ${event.outcome}`);
  check(outcomes.join() === "test test_0 passed,test test_1 failed", "tests are told in order, after an error, too");

  await run("kept = 1");
  ({ events } = await run("kept"));
  check(events.length === 1 && events[0].kind === "NameError", "a run knows nothing of the run before");
  ({ events } = await run("kept", [], [{ id: "earlier", role: "answer", source: "kept = 1" }]));
  check(events.length === 1 && events[0].text === "1", "a run knows the earlier answers that it uses");

  const endless = run("while True: pass");
  const second = await run('print("hello")').catch((error) => error);
  check(second instanceof Error, "a run during a run is refused");
  await new Promise((resolve) => setTimeout(resolve, 300));
  python.stop();
  check((await endless).ending === "stopped", "stop() ends a run");
  ({ ending, events } = await run('print("again")'));
  check(ending === "done" && events.length === 1, "the run after a stop works");
  python.stop();
  ({ ending, events } = await run('print("again")'));
  check(ending === "done" && events.length === 1, "a stop without a run does no harm");
  return found;
}
