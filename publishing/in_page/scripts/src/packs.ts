/**
 * The files of the runtime: where they come from and how they are read.
 *
 * `publishing/in_page/runtime.py` writes them. A host sends them compressed; a page that was opened
 * as a file may fetch nothing, so there they come as scripts that hand over pieces in base64.
 */

/** Sizes of a file, as the build tells them. */
export interface FileSize {
  gzip: number;
  pieces: number;
}

export type Manifest = Record<string, FileSize>;

/** Gives the bytes of a file, uncompressed. */
export interface Source {
  read(name: string, onBytes: (count: number) => void): Promise<ReadableStream<Uint8Array>>;
  size(name: string): number;
}

/** What a pack holds: places in memory, functions, and files. */
export interface Pack {
  size: number;
  runs: [number, Uint8Array][];
  functions: [number, Uint8Array][];
  files: [string, Uint8Array][];
}

const CACHE = "course-python ";

/** Read a pack: the length of its index, the index in JSON, and what that describes in order. */
export function unpack(bytes: Uint8Array): Pack {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  let at = 4 + length;
  function take<Key>(entries: [Key, number][] | undefined): [Key, Uint8Array][] {
    return (entries ?? []).map(([key, size]) => {
      at += size;
      return [key, bytes.subarray(at - size, at)];
    });
  }
  const functions = take<number>(index.functions);
  const runs = take<number>(index.runs);
  return { size: index.size ?? 0, functions, runs, files: take<string>(index.files) };
}

/** Read a whole stream. */
export async function whole(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

/** Uncompress a stream if it still is compressed: some hosts and browsers have done it before. */
async function plain(stream: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const reader = stream.getReader();
  let head = new Uint8Array(0);
  let ended = false;
  while (head.length < 2 && !ended) {
    const { done, value } = await reader.read();
    ended = done;
    if (value) {
      const joined = new Uint8Array(head.length + value.length);
      joined.set(head);
      joined.set(value, head.length);
      head = joined;
    }
  }
  const again = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(head);
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) {
        controller.close();
      } else {
        controller.enqueue(value);
      }
    },
    cancel(reason) {
      return reader.cancel(reason);
    },
  });
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    return again;
  }
  const unpacker = new DecompressionStream("gzip");
  return again.pipeThrough(unpacker as unknown as ReadableWritablePair<Uint8Array, Uint8Array>);
}

function counted(body: ReadableStream<Uint8Array>, onBytes: (count: number) => void): ReadableStream<Uint8Array> {
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      onBytes(chunk.length);
      controller.enqueue(chunk);
    },
  });
  return body.pipeThrough(counter);
}

/** Files from the book's own folder on a host, kept in the browser for the next visit. */
export function hostSource(folder: string, manifest: Manifest): Source {
  async function response(address: string): Promise<Response> {
    const cache = await openCache(folder);
    const kept = await cache?.match(address).catch(() => undefined);
    if (kept) {
      return kept;
    }
    const got = await fetch(address);
    if (!got.ok) {
      throw new Error(`${address}: ${got.status} ${got.statusText}`);
    }
    await cache?.put(address, got.clone()).catch(() => {}); // no room: it is fetched again
    return got;
  }
  return {
    size: (name) => manifest[name].gzip,
    async read(name, onBytes) {
      const got = await response(new URL(`${name}.bin`, folder).href);
      return plain(counted(got.body as ReadableStream<Uint8Array>, onBytes));
    },
  };
}

/** Open the cache of this version of the runtime, and drop those of others. */
async function openCache(folder: string): Promise<Cache | undefined> {
  try {
    const name = CACHE + folder;
    const book = folder.slice(0, folder.slice(0, -1).lastIndexOf("/") + 1);
    for (const other of await caches.keys()) {
      if (other.startsWith(CACHE + book) && other !== name) {
        await caches.delete(other);
      }
    }
    return await caches.open(name);
  } catch {
    return undefined; // forbidden, or a host without encryption
  }
}

/** Files as scripts. `hand` is where the scripts leave their pieces. */
export function scriptSource(folder: string, manifest: Manifest, hand: { piece?: Piece }): Source {
  const pieces = new Map<string, Uint8Array<ArrayBuffer>>();
  hand.piece = (name, which, text) => pieces.set(`${name}.${which}`, fromBase64(text));
  return {
    size: (name) => manifest[name].gzip,
    async read(name, onBytes) {
      const parts: Uint8Array<ArrayBuffer>[] = [];
      for (let which = 0; which < manifest[name].pieces; which++) {
        await loadScript(`${folder}${name}.${which}.js`);
        const key = `${name}.${which}`;
        const part = pieces.get(key);
        if (!part) {
          throw new Error(`${folder}${key}.js holds nothing`);
        }
        pieces.delete(key);
        onBytes(part.length);
        parts.push(part);
      }
      return plain(new Blob(parts).stream());
    },
  };
}

export type Piece = (name: string, which: number, text: string) => void;

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) {
    bytes[i] = letters.charCodeAt(i);
  }
  return bytes;
}

/** Load a script of the book. */
export function loadScript(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => {
      script.remove();
      resolve();
    };
    script.onerror = () => reject(new Error(`${address} cannot be loaded`));
    document.head.append(script);
  });
}
