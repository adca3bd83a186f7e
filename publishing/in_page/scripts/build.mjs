/* Bundles the scripts of the page into ../bundle/, and with --tests the unit tests into .tests/. */
import { readdirSync } from "node:fs";
import { build } from "esbuild";

const settings = {
  bundle: true,
  minify: true,
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
};

if (process.argv.includes("--tests")) {
  await build({
    ...settings,
    minify: false,
    platform: "node",
    format: "esm",
    entryPoints: readdirSync("tests").map((name) => `tests/${name}`),
    outdir: ".tests",
    outExtension: { ".js": ".mjs" },
  });
} else {
  // The worker is text in the workbench: a page that was opened as a file can load no worker.
  const worker = await build({ ...settings, entryPoints: ["src/worker.ts"], format: "iife", write: false });
  await build({
    ...settings,
    entryPoints: { workbench: "src/workbench.ts", exercises: "src/exercises.ts" },
    format: "iife",
    outdir: "../bundle",
    define: { WORKER: JSON.stringify(worker.outputFiles[0].text) },
  });
}
