"""Pages in a browser without a network: formulas are set, and a phone scrolls in one direction."""

import json
import shutil
import subprocess

from publishing.course import chapter_names

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)

# Loads a page in a frame as wide as a phone, waits, and writes down what it measures.
PROBE = """<!doctype html>
<iframe id="page" src="{page}" style="width: 390px; height: 844px; border: 0"></iframe>
<pre id="found"></pre>
<script>
  function measure() {{
    const page = document.getElementById("page").contentDocument;
    const root = page.documentElement;
    document.getElementById("found").textContent = JSON.stringify({{
      width: root.clientWidth,
      content: Math.max(root.scrollWidth, page.body.scrollWidth),
      wanted: page.querySelectorAll("div.math, span.math").length,
      formulas: page.querySelectorAll("mjx-container mjx-math").length,
      errors: page.querySelectorAll("mjx-merror").length,
      unread: page.querySelectorAll("article img:not([alt])").length,
    }});
  }}
  setTimeout(measure, 6000);
</script>
"""


def measure(page, folder):
    """Open a page 390 pixels wide with no network; return what the probe found."""
    probe = folder / "probe.html"
    probe.write_text(PROBE.format(page=page.as_uri()))
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
    command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    command += ["--hide-scrollbars"]
    command += ["--host-resolver-rules=MAP * ~NOTFOUND", "--allow-file-access-from-files"]
    command += [f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=15000"]
    command += ["--dump-dom", probe.as_uri()]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    found = result.stdout.split('<pre id="found">')[1].split("</pre>")[0]
    return json.loads(found)


def test_chapter_on_a_phone_without_network(built, tmp_path):
    """Every formula is set by the site's own MathJax, and no page is wider than the phone."""
    assert CHROMIUM, "no browser to open the book in: `make test` installs one, or says what to do"
    for name in chapter_names(built):
        page = built / "_build" / "html" / "book" / name / f"{name}.html"
        folder = tmp_path / name
        folder.mkdir()
        found = measure(page, folder)
        assert found["width"] == 390
        assert found["content"] <= 390, name
        assert found["formulas"] >= found["wanted"] > 0, name
        assert found["errors"] == 0, name
