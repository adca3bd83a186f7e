/** Puts functions into a WebAssembly module that was built with gaps in their places. */

const CODE = 10;

function readNumber(bytes: Uint8Array, at: number): [number, number] {
  let number = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at++];
    number += (byte & 0x7f) * factor;
    if (byte < 0x80) {
      return [number, at];
    }
  }
}

function encoded(number: number): number[] {
  const bytes: number[] = [];
  do {
    bytes.push((number & 0x7f) | (number > 0x7f ? 0x80 : 0));
    number = Math.floor(number / 128);
  } while (number > 0);
  return bytes;
}

/**
 * Return a module with some of its function bodies replaced.
 *
 * @param module The module.
 * @param functions New bodies, by their places in the code section, in order.
 */
export function merge(module: Uint8Array, functions: [number, Uint8Array][]): Uint8Array<ArrayBuffer> {
  let at = 8;
  while (module[at] !== CODE) {
    const [size, start] = readNumber(module, at + 1);
    at = start + size;
  }
  const [size, start] = readNumber(module, at + 1);
  const parts: Uint8Array[] = [];
  let [, body] = readNumber(module, start);
  let from = start;
  let place = 0;
  for (const [wanted, replacement] of functions) {
    for (; ; place++) {
      const [length, begin] = readNumber(module, body);
      if (place === wanted) {
        parts.push(module.subarray(from, body), Uint8Array.from(encoded(replacement.length)), replacement);
        body = from = begin + length;
        place++;
        break;
      }
      body = begin + length;
    }
  }
  parts.push(module.subarray(from, start + size));
  const code = parts.reduce((sum, part) => sum + part.length, 0);
  const all = [module.subarray(0, at + 1), Uint8Array.from(encoded(code)), ...parts, module.subarray(start + size)];
  const merged = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of all) {
    merged.set(part, end);
    end += part.length;
  }
  return merged;
}
