"""Exercises in the page, measured in Chromium: `python -m benchmarks.in_page`, after `make book`.

Loads, runs and stops an exercise of ordinary size on loopback; the times are medians of three. What
it prints goes into a section of ``benchmarks/RESULTS.md``.
"""

import functools
import json
import os
import shutil
import statistics
import sys
import threading
import time
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
WAIT = """async (wanted) => {
    const place = document.querySelector('section[data-exercise="sigmoid"]');
    while (place.dataset.state !== wanted) { await new Promise((on) => setTimeout(on, 5)); }
}"""
TITLE = "Exercises in the page"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def sizes():
    """Return the compressed megabytes of the start and of the figures."""
    (folder,) = (path for path in (SITE / "_static" / "python").iterdir())
    found = {}
    for what, names in (("numpy", ("python", "start")), ("figures", ("figures",))):
        found[what] = sum((folder / f"{name}.bin").stat().st_size for name in names) / 1e6
    return found


def visit(page, address):
    """Press, write and run; return the seconds to the result, of a run, and of a stop."""
    page.goto(address)
    place = page.locator('section[data-exercise="sigmoid"]')
    began = time.perf_counter()
    place.locator('[data-do="write"]').click()
    page.evaluate("(text) => window.course.write('sigmoid', text)", ANSWER)
    place.locator('[data-do="run"]').click()
    page.evaluate(WAIT, "done")
    first = time.perf_counter() - began
    began = time.perf_counter()
    place.locator('[data-do="run"]').click()
    page.evaluate(WAIT, "done")
    run = time.perf_counter() - began
    page.evaluate("window.course.write('sigmoid', 'while True: pass')")
    place.locator('[data-do="run"]').click()
    page.evaluate(WAIT, "running")
    page.wait_for_timeout(300)
    began = time.perf_counter()
    place.locator('[data-do="stop"]').click()
    page.evaluate(WAIT, "done")
    page.evaluate("window.course.write('sigmoid', '1')")
    place.locator('[data-do="run"]').click()
    page.evaluate(WAIT, "done")
    return first, run, time.perf_counter() - began


def measure():
    """Return the seconds of three first visits and of the visits after them."""
    handler = functools.partial(_Quiet, directory=str(SITE))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/{PAGE}"
    firsts, again = [], []
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for _ in range(3):
            context = browser.new_context()
            firsts.append(visit(context.new_page(), address))
            again.append(visit(context.new_page(), address))
            context.close()
        browser.close()
    server.shutdown()
    return firsts, again


def main():
    """Measure, print and keep."""
    firsts, again = measure()
    packed = sizes()

    def median(rows, place):
        return f"{statistics.median(row[place] for row in rows):.2f} s"

    rows = [
        ["numpy, gzip", "10 MB", f"{packed['numpy']:.2f} MB"],
        ["with the first figure, gzip", "8 MB more", f"{packed['figures']:.2f} MB"],
        ["press to first result, first visit", "4 s", median(firsts, 0)],
        ["press to first result, loaded before", "1.5 s", median(again, 0)],
        ["Run to verdict", "0.3 s", median([*firsts, *again], 1)],
        ["Stop, and the next result", "1 s", median([*firsts, *again], 2)],
    ]
    text = table(["", "target", "measured"], rows)
    note = (
        "Medians of three visits on loopback in headless Chromium (of six for the last two rows);"
        " the clock runs in the program that presses, so its own delays are in the times."
    )
    note += f" Processes that wanted to run meanwhile: {os.getloadavg()[1]:.0f}."
    print(text)
    write_section(TITLE, f"{machine()}\n\n{text}\n\n{note}")
    print(json.dumps({"first visits": firsts, "later visits": again}))


if __name__ == "__main__":
    main()
