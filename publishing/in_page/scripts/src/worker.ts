/** The worker: an interpreter, and one message for each thing that happens in a run. */

import { Interpreter } from "./interpreter";
import { unpack } from "./packs";
import type { Request, RunEvent } from "./python";

/** What the worker is told. */
export type Order =
  | { order: "start"; module: WebAssembly.Module; start: Blob; figures?: Blob; packs: string[] }
  | { order: "run"; request: Request };

/** What the worker tells. */
export type Report =
  | { report: "ready" }
  | { report: "event"; event: RunEvent }
  | { report: "missing" }
  | { report: "done" }
  | { report: "crashed"; why: string };

let interpreter: Interpreter;
let packs: string[] = [];
let line = "";
let isMissing = false;

const report = (message: Report) => postMessage(message);

function hear(text: string): void {
  line += text;
  const lines = line.split("\n");
  line = lines.pop() as string;
  for (const one of lines) {
    const event = JSON.parse(one) as RunEvent | { event: "missing" };
    if (event.event === "missing") {
      isMissing = true;
    } else {
      report({ report: "event", event });
    }
  }
}

async function start(order: Extract<Order, { order: "start" }>): Promise<void> {
  const bytes = async (blob: Blob) => unpack(new Uint8Array(await blob.arrayBuffer()));
  packs = order.packs;
  const figures = order.figures && (await bytes(order.figures));
  interpreter = new Interpreter(order.module, await bytes(order.start), figures, hear);
  report({ report: "ready" });
}

function run(request: Request): void {
  line = "";
  isMissing = false;
  const text = JSON.stringify(JSON.stringify({ ...request, packs }));
  const went = interpreter.turn(`__import__("in_page.runner").runner.main(${text})`);
  if (isMissing) {
    report({ report: "missing" });
  } else if (went) {
    report({ report: "done" });
    interpreter.reset(); // while the reader reads, not when the next run is waited for
  } else {
    report({ report: "crashed", why: "the interpreter ended" });
  }
}

self.onmessage = async (message: MessageEvent<Order>) => {
  try {
    if (message.data.order === "start") {
      await start(message.data);
    } else {
      run(message.data.request);
    }
  } catch (error) {
    report({ report: "crashed", why: String(error) });
  }
};
