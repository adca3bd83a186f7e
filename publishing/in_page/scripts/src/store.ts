/**
 * What was written, kept in this browser: one entry of localStorage for each place.
 *
 * Two tabs see each other's entries. What one would lose by the other's is kept beside it.
 */

export interface Entry {
  text: string;
  /** The stub that the text began from. */
  stub: string;
  /** Whether all visible tests passed, or something was written where a person grades. */
  done: boolean;
  /** The last text of another tab that this one replaced. */
  other?: string;
}

/** The part of localStorage that is used. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export class Store {
  private readonly memory = new Map<string, Entry>();
  private readonly seen = new Map<string, string>();
  /** Whether the browser refused to keep something. */
  refused = false;

  /**
   * @param shelf The browser's storage; undefined where it is forbidden.
   * @param book Names the book.
   * @param page Names the page.
   */
  constructor(
    private readonly shelf: Shelf | undefined,
    private readonly book: string,
    readonly page: string,
  ) {}

  key(name: string): string {
    return `course/${this.book}/${this.page}#${name}`;
  }

  /** Return what is kept for a place, if anything. */
  read(name: string): Entry | undefined {
    const entry = this.kept(name) ?? this.memory.get(name);
    if (entry) {
      this.seen.set(name, entry.text);
    }
    return entry;
  }

  /** Keep a text; say whether the browser keeps it. A text of another tab that was not seen stays. */
  write(name: string, entry: Entry): boolean {
    const there = this.kept(name);
    const isNew = there !== undefined && there.text !== this.seen.get(name) && there.text !== entry.text;
    const merged = isNew ? { ...entry, other: there.text } : entry;
    this.memory.set(name, merged);
    this.seen.set(name, entry.text);
    return this.put(this.key(name), JSON.stringify(merged));
  }

  /** Forget a place. */
  remove(name: string): void {
    this.memory.delete(name);
    this.seen.delete(name);
    try {
      this.shelf?.removeItem(this.key(name));
    } catch {
      this.refused = true;
    }
  }

  /** Keep how much of this page is done, for other pages to show. */
  tally(done: number, of: number): void {
    this.put(`course/${this.book}/${this.page}`, JSON.stringify({ done, of }));
  }

  /** Return how much of a page is done, if anybody was there. */
  tallyOf(page: string): { done: number; of: number } | undefined {
    const kept = this.get(`course/${this.book}/${page}`);
    const isTally = typeof kept?.done === "number" && typeof kept.of === "number";
    return isTally ? (kept as { done: number; of: number }) : undefined;
  }

  private put(key: string, value: string): boolean {
    try {
      if (!this.shelf) {
        throw new Error("there is no storage");
      }
      this.shelf.setItem(key, value);
      this.refused = false;
      return true;
    } catch {
      this.refused = true;
      return false;
    }
  }

  private get(key: string): Record<string, unknown> | undefined {
    try {
      const value = JSON.parse(this.shelf?.getItem(key) ?? "null");
      return value && typeof value === "object" ? value : undefined;
    } catch {
      return undefined;
    }
  }

  private kept(name: string): Entry | undefined {
    const entry = this.get(this.key(name));
    const isEntry = typeof entry?.text === "string" && typeof entry.stub === "string";
    return isEntry ? { ...(entry as unknown as Entry), done: entry.done === true } : undefined;
  }
}

/** Return the browser's storage, or undefined where it may not be used. */
export function browserShelf(): Shelf | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
