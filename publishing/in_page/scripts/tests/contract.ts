/** What every Python for the page keeps to. Says what is broken; the list is empty when all is well. */

import type { Ending, Python, RunEvent } from "../src/python";

export async function broken(python: Python): Promise<string[]> {
  const found: string[] = [];
  const check = (is: boolean, what: string) => {
    if (!is) {
      found.push(what);
    }
  };
  const run = async (source: string, tests: string[] = []): Promise<[Ending, RunEvent[]]> => {
    const events: RunEvent[] = [];
    const request = {
      cell: { id: "answer", source },
      before: [],
      tests: tests.map((test, number) => ({ id: `test_${number}`, source: test })),
    };
    return [await python.run(request, (event) => events.push(event)), events];
  };
  let progress = 0;
  python.onProgress = () => {
    progress++;
  };
  await Promise.all([python.start(), python.start()]);
  check(progress > 0, "start() tells how far it is");

  let [ending, events] = await run('print("hello")');
  check(ending === "done", "a run that ends is done");
  check(events.length === 1 && events[0].event === "output" && events[0].text === "hello\n", "output is told");

  [ending, events] = await run("1 / 0", ["assert True", "assert False"]);
  check(ending === "done", "an error of the student's is no crash");
  check(events[0].event === "error" && events[0].lines[0].line === 1, "an error is told with its line");
  const outcomes = events.filter((event) => event.event === "test").map((event) => `${event.id} ${event.outcome}`);
  check(outcomes.join() === "test_0 passed,test_1 failed", "tests are told in order, after an error, too");

  const endless = run("while True: pass");
  await new Promise((resolve) => setTimeout(resolve, 300));
  python.stop();
  check((await endless)[0] === "stopped", "stop() ends a run");
  [ending, events] = await run('print("again")');
  check(ending === "done" && events.length === 1, "the run after a stop works");
  return found;
}
