/** What the build tells the page, in the attributes of its script. */

import type { Manifest } from "./packs";

export interface Settings {
  /** Names the book in the browser's storage. */
  book: string;
  /** The page, as links within the book name it. */
  page: string;
  /** The root of the book. */
  root: string;
  /** The script that holds the page's released notebook, and the notebook's name; perhaps none. */
  notebook: string;
  /** The folder of the runtime. */
  runtime: string;
}

/** What the scripts of the book leave for each other. */
export interface Shared {
  settings: Settings;
  manifest?: { files: Manifest; packs: string[] };
  piece?: (name: string, which: number, text: string) => void;
  workbench?: typeof import("./workbench");
}

declare global {
  interface Window {
    coursePython: Shared;
    downloaded?: string;
    course: { write(name: string, text: string): Promise<void> };
    MathJax?: { typesetPromise?(elements: Element[]): Promise<void>; typesetClear?(elements: Element[]): void };
  }
}
