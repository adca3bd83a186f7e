"""The search for requests finds each way in which a page can reach out."""

import pytest

from publishing.site.offline import find_requests

VIOLATIONS = {
    "script": '<script src="https://cdn.example.org/a.js"></script>',
    "script without scheme": '<script src="//cdn.example.org/a.js"></script>',
    "style sheet": '<link rel="stylesheet" href="https://example.org/a.css">',
    "preconnect": '<link rel="preconnect" href="https://fonts.example.org">',
    "dns-prefetch": '<link rel="dns-prefetch" href="//fonts.example.org">',
    "preload": '<link rel="preload" as="font" href="https://example.org/a.woff2">',
    "icon": '<link rel="shortcut icon" href="https://example.org/a.ico">',
    "image": '<img src="https://example.org/a.png" alt="">',
    "image set": '<img srcset="https://example.org/a.png 2x" alt="">',
    "picture": '<picture><source srcset="https://example.org/a.webp"></picture>',
    "frame": '<iframe src="https://example.org"></iframe>',
    "video": '<video poster="https://example.org/a.png"></video>',
    "object": '<object data="https://example.org/a.svg"></object>',
    "drawing": '<svg><image href="https://example.org/a.png"/></svg>',
    "refresh": '<meta http-equiv="refresh" content="0; url=https://example.org">',
    "base": '<base href="https://example.org/">',
    "style attribute": "<p style=\"background: url('https://example.org/a.png')\">a</p>",
    "style element": '<style>@import "https://example.org/a.css";</style>',
    "script settings": '<script>var thebe = {"url": "https://unpkg.com/thebe"}</script>',
    "missing file": '<script src="_static/missing.js"></script>',
}

FILES = {
    "font": ("a.css", "@font-face { src: url(https://example.org/a.woff2) }"),
    "import": ("a.css", "@import url('//example.org/b.css');"),
    "module": ("a.js", 'import {a} from "https://example.org/a.js"'),
    "dynamic import": ("a.js", "import('https://example.org/a.js')"),
    "fetch": ("a.js", "fetch(`https://example.org/a.json`)"),
    "worker": ("a.js", "importScripts('https://example.org/a.js')"),
    "loader": ("a.js", "s.src = 'https://example.org/a.js'"),
}

HARMLESS = """<!doctype html>
<link rel="canonical" href="https://example.org/page.html">
<link rel="stylesheet" href="a.css?digest=1">
<img src="data:image/png;base64,AAAA" alt="">
<svg xmlns="http://www.w3.org/2000/svg"></svg>
<a href="https://example.org/further/reading">Further reading</a>
<script>var root = "./"; // see the documentation</script>
"""


@pytest.fixture
def site(tmp_path):
    """A site of one harmless page, a style sheet and a script."""
    (tmp_path / "index.html").write_text(HARMLESS)
    (tmp_path / "a.css").write_text("p { background: url(data:image/png;base64,AA) }")
    (tmp_path / "a.js").write_text('help("https://example.org/manual")')
    return tmp_path


def test_harmless_site_asks_for_nothing(site):
    """Links, data and files of the site are no requests."""
    assert find_requests(site) == []


@pytest.mark.parametrize("name", VIOLATIONS)
def test_page_that_reaches_out_is_found(site, name):
    """Each tag that a browser follows by itself is reported with its page."""
    kept = site.with_name(f"{site.name} kept.json")
    assert find_requests(site, kept) == []
    (site / "bad.html").write_text(HARMLESS + VIOLATIONS[name])
    found = find_requests(site)
    assert [request.page for request in found] == ["bad.html"]
    for _ in range(2):
        assert find_requests(site, kept) == found


@pytest.mark.parametrize("name", FILES)
def test_file_that_reaches_out_is_found(site, name):
    """Styles and scripts are searched too."""
    file, content = FILES[name]
    (site / file).write_text(content)
    (request,) = find_requests(site)
    assert request.page == file
    assert "example.org" in request.address


def test_offline_command_fails_on_a_request(site, run):
    """``python -m publishing offline`` exits with 1 and names page and address."""
    (site / "bad.html").write_text(VIOLATIONS["frame"])
    result = run(site, "offline", str(site))
    assert result.returncode == 1
    assert result.stderr == "bad.html: <iframe> fetches https://example.org\n"
