/** Python as WebAssembly in a worker: loads it, starts it, and ends it where it has to end. */

import { confinedWorker } from "./confined";
import { merge } from "./merge";
import { type Pack, type Source, unpack, whole } from "./packs";
import type { Ending, Progress, Python, Request, RunEvent } from "./python";
import type { Order, Report } from "./worker";

declare const WORKER: string;

/** Browsers that know WebAssembly's references to exceptions. */
const TOO_OLD =
  "this browser is too old for it (Chrome and Edge 137, Firefox 131, Safari and iOS 18.4 or newer run it)";

/** What the workers of this page are made from. */
interface Parts {
  module: WebAssembly.Module;
  start: Blob;
  figures?: Blob;
}

export class WasmPython implements Python {
  onProgress: (progress: Progress) => void = () => {};

  private parts: Promise<Parts> | undefined;
  private worker: Promise<Worker> | undefined;
  private isLoadingFigures = false;
  private abandon: ((ending: Ending) => void) | undefined;

  /**
   * @param source Where the files come from.
   * @param packs The top-level packages that come with the figures.
   */
  constructor(
    private readonly source: Source,
    private readonly packs: string[],
  ) {}

  async start(): Promise<void> {
    await this.started();
  }

  async run(request: Request, tell: (event: RunEvent) => void): Promise<Ending> {
    if (this.abandon) {
      throw new Error("another run is going on");
    }
    const abandoned = new Promise<Ending>((resolve) => {
      this.abandon = resolve;
    });
    try {
      for (;;) {
        const ending = await Promise.race([abandoned, this.runOnce(request, tell)]);
        if (ending !== "missing") {
          return ending;
        }
        tell({ event: "again" });
        await Promise.race([abandoned, this.loadFigures()]);
      }
    } finally {
      this.abandon = undefined;
    }
  }

  stop(): void {
    this.abandon?.("stopped");
    this.end();
    if (!this.isLoadingFigures) {
      this.startAgain();
    }
  }

  private async runOnce(request: Request, tell: (event: RunEvent) => void): Promise<Ending | "missing"> {
    const worker = await this.started();
    return new Promise((resolve) => {
      const crash = () => {
        this.end();
        this.startAgain();
        resolve("crashed");
      };
      worker.onmessage = ({ data }: MessageEvent<Report>) => {
        if (data.report === "event") {
          tell(data.event);
        } else if (data.report === "crashed") {
          crash();
        } else if (data.report !== "ready") {
          resolve(data.report);
        }
      };
      worker.onerror = crash;
      worker.postMessage({ order: "run", request } satisfies Order);
    });
  }

  private end(): void {
    this.worker?.then((worker) => worker.terminate()).catch(() => {});
    this.worker = undefined;
  }

  private startAgain(): void {
    this.started().catch(() => {}); // the next run tells why
  }

  private started(): Promise<Worker> {
    this.worker ??= this.spawn().catch((error) => {
      this.worker = undefined;
      throw error;
    });
    return this.worker;
  }

  private async spawn(): Promise<Worker> {
    this.parts ??= this.load().catch((error) => {
      this.parts = undefined;
      throw error;
    });
    const parts = await this.parts;
    const worker = await confinedWorker(WORKER);
    await new Promise<void>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Report>) => {
        if (data.report === "ready") {
          resolve();
        } else if (data.report === "crashed") {
          reject(new Error(data.why));
        }
      };
      worker.onerror = (event) => reject(new Error(event.message));
      const packs = parts.figures ? [] : this.packs;
      worker.postMessage({ order: "start", ...parts, packs } satisfies Order);
    });
    return worker;
  }

  private async load(): Promise<Parts> {
    const count = this.counter(["python", "start"]);
    const [module, start] = await Promise.all([
      this.source.read("python", count).then((stream) => compile(stream)),
      this.source.read("start", count).then(whole),
    ]);
    return { module, start: new Blob([start]) };
  }

  private async loadFigures(): Promise<void> {
    this.isLoadingFigures = true;
    try {
      const { start } = await (this.parts as Promise<Parts>);
      const count = this.counter(["figures"]);
      const binary = this.source.read("python", () => {}).then(whole);
      const figures = await this.source.read("figures", count).then(whole);
      const pack: Pack = unpack(figures);
      const module = await WebAssembly.compile(merge(await binary, pack.functions));
      this.end();
      this.parts = Promise.resolve({ module, start, figures: new Blob([figures]) });
    } finally {
      this.isLoadingFigures = false;
    }
  }

  private counter(names: string[]): (count: number) => void {
    const total = names.reduce((sum, name) => sum + this.source.size(name), 0);
    let loaded = 0;
    this.onProgress({ loaded, total });
    return (count) => {
      loaded += count;
      this.onProgress({ loaded: Math.min(loaded, total), total });
    };
  }
}

async function compile(stream: ReadableStream<Uint8Array>): Promise<WebAssembly.Module> {
  const headers = { "Content-Type": "application/wasm" };
  try {
    return await WebAssembly.compileStreaming(
      new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>, { headers }),
    );
  } catch (error) {
    throw error instanceof WebAssembly.CompileError ? new Error(TOO_OLD) : error;
  }
}
