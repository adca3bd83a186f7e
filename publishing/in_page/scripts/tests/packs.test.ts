import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { merge } from "../src/merge";
import { hostSource, unpack, whole } from "../src/packs";

function packed(index: object, ...parts: number[][]): Uint8Array {
  const described = new TextEncoder().encode(JSON.stringify(index));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, described.length, true);
  return Uint8Array.from([...length, ...described, ...parts.flat()]);
}

test("a pack gives its functions, places in memory and files", () => {
  const index = { size: 9, functions: [[7, 1]], runs: [[100, 2]], files: [["a/b", 3]] };
  const pack = unpack(packed(index, [1], [2, 3], [4, 5, 6]));
  assert.equal(pack.size, 9);
  assert.deepEqual(pack.functions, [[7, Uint8Array.of(1)]]);
  assert.deepEqual(pack.runs, [[100, Uint8Array.of(2, 3)]]);
  assert.deepEqual(pack.files, [["a/b", Uint8Array.of(4, 5, 6)]]);
});

test("a file is uncompressed, unless a host has done it", async () => {
  const content = new TextEncoder().encode("the content");
  for (const sent of [gzipSync(content), content]) {
    const before = globalThis.fetch;
    globalThis.fetch = async () => new Response(Uint8Array.from(sent));
    try {
      let counted = 0;
      const source = hostSource("http://host/folder/", { python: { gzip: 5, pieces: 1 } });
      const stream = await source.read("python", (count) => {
        counted += count;
      });
      assert.equal(new TextDecoder().decode(await whole(stream)), "the content");
      assert.equal(counted, sent.length);
      assert.equal(source.size("python"), 5);
    } finally {
      globalThis.fetch = before;
    }
  }
});

/** Three functions without arguments that give 1, a trap and 3. */
const MODULE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7f],
  ...[3, 4, 3, 0, 0, 0],
  ...[7, 13, 3, 1, 0x61, 0, 0, 1, 0x62, 0, 1, 1, 0x63, 0, 2],
  ...[10, 15, 3, 4, 0, 0x41, 1, 0x0b, 3, 0, 0x00, 0x0b, 4, 0, 0x41, 3, 0x0b],
);

test("a function is put into its place, and the others stay", () => {
  const merged = merge(MODULE, [[1, Uint8Array.of(0, 0x41, 2, 0x0b)]]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(merged));
  const calls = exports as Record<string, () => number>;
  assert.deepEqual([calls.a(), calls.b(), calls.c()], [1, 2, 3]);
});
