/** A worker that may compute, and nothing else: no address can be reached from it. */

const POLICY = "default-src 'none'; script-src blob: 'wasm-unsafe-eval'; worker-src blob:";

let frame: Promise<Window & typeof globalThis> | undefined;

/** Return a frame under the policy. A worker made there from a blob is under the same. */
function confinement(): Promise<Window & typeof globalThis> {
  frame ??= new Promise((resolve) => {
    const element = document.createElement("iframe");
    element.hidden = true;
    element.title = "Python";
    element.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
    element.onload = () => resolve(element.contentWindow as Window & typeof globalThis);
    document.body.append(element);
  });
  return frame;
}

/** Start a worker from the text of its program. */
export async function confinedWorker(program: string): Promise<Worker> {
  const realm = await confinement();
  const address = realm.URL.createObjectURL(new realm.Blob([program], { type: "text/javascript" }));
  const worker = new realm.Worker(address);
  realm.setTimeout(() => realm.URL.revokeObjectURL(address), 10_000);
  return worker;
}
