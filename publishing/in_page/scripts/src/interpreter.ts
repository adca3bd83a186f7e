/** One CPython in WebAssembly: a module, its memory, and a file system that only it sees. */

import {
  ConsoleStdout,
  Directory,
  type Fd,
  File,
  type Inode,
  OpenFile,
  PreopenDirectory,
  WASI,
} from "@bjorn3/browser_wasi_shim";
import type { Pack } from "./packs";

const ARGUMENTS = ["/usr/local/bin/python.wasm"];
const PAGE = 65536;
/** A memory that has grown more than this is given up after the run, for a small one. */
const MOST_GROWTH = 64 << 20;

interface Exports {
  memory: WebAssembly.Memory;
  host_alloc(length: number): number;
  turn(place: number, length: number): number;
}

/** The file that Python writes its events to: each write is told at once. */
class Wire extends File {
  constructor(private readonly tell: (text: string) => void) {
    super([]);
  }

  override path_open() {
    const open = new OpenFile(this);
    const decoder = new TextDecoder();
    open.fd_write = (data: Uint8Array) => {
      this.tell(decoder.decode(data, { stream: true }));
      return { ret: 0, nwritten: data.length };
    };
    return { ret: 0, fd_obj: open };
  }
}

function folder(files: [string, Uint8Array][]): Directory {
  const root = new Directory(new Map<string, Inode>());
  for (const [path, bytes] of files) {
    const names = path.split("/");
    let at = root;
    for (const name of names.slice(0, -1)) {
      if (!at.contents.has(name)) {
        at.contents.set(name, new Directory(new Map<string, Inode>()));
      }
      at = at.contents.get(name) as Directory;
    }
    at.contents.set(names[names.length - 1], new File(bytes, { readonly: true }));
  }
  return root;
}

/** An interpreter that can go back to the state that it started with. */
export class Interpreter {
  private exports!: Exports;
  private wasi!: WASI;
  private size: number;
  private runs: [number, Uint8Array][];

  /**
   * @param module The binary.
   * @param start The memory and the library that it starts with.
   * @param figures What matplotlib adds, if that is loaded.
   * @param tell Called with what Python writes to `/tmp/events`.
   */
  constructor(
    private readonly module: WebAssembly.Module,
    private readonly start: Pack,
    private readonly figures: Pack | undefined,
    private readonly tell: (text: string) => void,
  ) {
    this.size = start.size;
    this.runs = [...start.runs, ...(figures?.runs ?? [])];
    this.instantiate();
    if (figures) {
      this.turn("import matplotlib.pyplot");
      this.keep();
      this.reset();
    }
  }

  /** Bring back the state of the start. */
  reset(): void {
    const { memory } = this.exports;
    if (memory.buffer.byteLength > this.size + MOST_GROWTH) {
      this.instantiate();
      return;
    }
    new Uint8Array(memory.buffer).fill(0);
    this.fill();
    this.wasi.fds = this.openFiles();
  }

  /** Run a piece of code in `__main__`; return whether it went well. */
  turn(code: string): boolean {
    const bytes = new TextEncoder().encode(code);
    const place = this.exports.host_alloc(bytes.length) >>> 0;
    new Uint8Array(this.exports.memory.buffer).set(bytes, place);
    return this.exports.turn(place, bytes.length) === 0;
  }

  private instantiate(): void {
    this.wasi = new WASI(ARGUMENTS, [], this.openFiles(), { debug: false });
    const instance = new WebAssembly.Instance(this.module, {
      wasi_snapshot_preview1: this.wasi.wasiImport,
      host: { call: () => -1 },
    });
    this.exports = instance.exports as unknown as Exports;
    this.wasi.inst = instance as unknown as { exports: { memory: WebAssembly.Memory } };
    const missing = this.size - this.exports.memory.buffer.byteLength;
    if (missing > 0) {
      this.exports.memory.grow(missing / PAGE);
    }
    this.fill();
  }

  private fill(): void {
    const memory = new Uint8Array(this.exports.memory.buffer);
    for (const [at, bytes] of this.runs) {
      memory.set(bytes, at);
    }
  }

  /** Take the state of now for the start; pages that are zero are not kept. */
  private keep(): void {
    const memory = new Uint32Array(this.exports.memory.buffer);
    const words = PAGE / 4;
    this.size = memory.byteLength;
    this.runs = [];
    for (let at = 0; at < memory.length; at += words) {
      const page = memory.subarray(at, at + words);
      if (page.some((word) => word !== 0)) {
        this.runs.push([at * 4, new Uint8Array(page.slice().buffer)]);
      }
    }
  }

  /** The files of a fresh start, in the order in which `snapshot.py` opened its folders. */
  private openFiles(): Fd[] {
    const library = folder(this.start.files);
    if (this.figures) {
      library.contents.set("figures", folder(this.figures.files));
    }
    const scratch = new Map<string, Inode>([
      ["events", new Wire(this.tell)],
      ["home", new Directory(new Map<string, Inode>())],
      ["matplotlib", new Directory(new Map<string, Inode>())],
    ]);
    const nowhere = () => new ConsoleStdout(() => {});
    return [
      new OpenFile(new File([])),
      nowhere(),
      nowhere(),
      new PreopenDirectory("/usr/local/lib", library.contents),
      new PreopenDirectory("/tmp", scratch),
    ];
  }
}
