"""What may go wrong in the page: hostile and broken code, texts and files, tabs, storage."""

from __future__ import annotations

import pytest
from desk import Desk
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("in_page")

CHAPTER = "sigmoid"


HOSTILE = {
    "def f(n): return f(n + 1)\nf(0)": "calls itself without an end",
    "x = []\nfor i in range(200_000): x = [x]\nrepr(x)": "Python broke down",
    "np.ones(2**28)": "memory",
    "bytearray(2**31)": "memory",
    "keep = [np.ones(2**24) for _ in range(100)]": "memory",
    "for i in range(1_000_000): print(i)": "the rest is not shown",
    "input('name?')": "input() has nobody to ask",
    "import sys; sys.exit()": "sys.exit()",
    "import os; os._exit(1)": "Python broke down",
    "import os; os.system('ls')": "no other programs",
    "import threading; threading.Thread(target=print).start()": "Threads",
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1')": "no network",
    "import socket; socket.create_connection(('127.0.0.1', 80))": "no network",
    "open('/etc/passwd').read()": "no files",
    "import ctypes; ctypes.string_at(2**32 - 8)": "no C",
    "import requests": "has no requests",
}


def test_what_goes_wrong_is_told_and_the_next_run_works(desk, plain_reader):
    """Endless loops, recursion, memory, output, input, exits, threads, network, files, traps."""
    desk.write("while True: pass")
    desk.do("run")
    desk.wait("running")
    desk.do("stop")
    desk.wait()
    assert set(filter(None, desk.outcomes.values())) == {"stopped"}
    for code, sentence in HOSTILE.items():
        told = desk.run(code)
        assert sentence in told, (code, told[:2000])
        assert desk.run("1 + 1") == "2", code
    assert not plain_reader.foreign


def test_nothing_that_is_stored_handed_in_or_printed_becomes_html(typeset_desk, sites):
    """Texts, outputs, messages, notebooks and formulas are shown as what they are."""
    desk, page = typeset_desk, typeset_desk.page
    page.evaluate("window.touched = []")
    evil = "<img src=x onerror='touched.push(1)'><script>touched.push(2)</script>"
    desk.run(f"print({evil!r})\nclass E(Exception): pass\nraise E({evil!r})")
    desk.run(f"def sigmoid(a):\n    assert False, {evil!r}\n{evil!r}")
    by_hand = Desk(page, "derive_the_slope")
    links = "$\\href{javascript:touched.push(3)}{x}$ $\\style{background:url(//evil.example/)}{x}$"
    by_hand.do("write")
    by_hand.write(f"{evil} {links}")
    expect(by_hand.place.locator(".workplace-preview")).to_contain_text("onerror")
    with page.expect_download() as download:
        page.locator('[data-do="download"]').click()
    text = download.value.path().read_text(encoding="utf-8")
    file = {"name": "x.ipynb", "mimeType": "application/json", "buffer": text.encode()}
    desk.write("changed = 1")
    page.locator(".my-work input").set_input_files(file)
    expect(page.locator(".my-work")).to_contain_text("1 answer taken")
    expect(desk.editor).to_contain_text("onerror")
    assert page.evaluate("window.touched") == []
    assert page.locator(".workplace-preview [href]").count() == 0
    for broken in ("no JSON", '{"nbformat": 4, "cells": [null]}', "[]"):
        page.locator(".my-work input").set_input_files({**file, "buffer": broken.encode()})
        expect(page.locator(".my-work")).to_contain_text("notebook")
    assert desk.run("1") == "1"


def test_two_tabs_lose_nothing_of_each_other(desk, plain_reader, sites):
    """An open editor follows the other tab; what one replaces stays beside it."""
    second_page = plain_reader.context.new_page()
    second_page.goto(desk.page.url)
    second = Desk(second_page, "sigmoid")
    desk.do("write")
    second.do("write")
    desk.write("from_the_first = 1")
    expect(second.editor).to_contain_text("from_the_first")
    second.write("from_the_second = 2")
    expect(desk.editor).to_contain_text("from_the_second")


def test_a_new_stub_is_told_and_the_text_stays(desk):
    """A book that was published anew: the reader's text is there, and Reset has the new stub."""
    desk.write("mine = 1")
    desk.page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) {
            if (key.endsWith('#sigmoid')) {
                const entry = JSON.parse(localStorage[key]);
                localStorage[key] = JSON.stringify({...entry, stub: 'the stub of last year'});
            } } }"""
    )
    desk.page.reload()
    desk.do("write")
    expect(desk.editor).to_contain_text("mine = 1")
    expect(desk.place.locator(".workplace-notice")).to_contain_text("new stub")
    desk.do("reset")
    expect(desk.editor).to_contain_text('"""')
    expect(desk.place.locator(".workplace-notice")).to_be_empty()


REFUSING = {
    "full": """Storage.prototype.setItem = () => {
        throw new DOMException("no room", "QuotaExceededError"); };""",
    "forbidden": """Object.defineProperty(window, "localStorage", { get() {
        throw new DOMException("forbidden", "SecurityError"); } });
        delete window.caches;""",
}


@pytest.mark.parametrize("how", REFUSING)
def test_a_storage_that_keeps_nothing_is_told_and_nothing_is_lost_in_silence(
    sites, plain_reader, how
):
    """The page works, says so beside the text, gives the notebook, and asks before it is left."""
    plain_reader.context.add_init_script(REFUSING[how])
    plain_reader.page.goto(sites["student"].chapter(CHAPTER))
    desk = Desk(plain_reader.page, "sigmoid")
    desk.do("write")
    desk.editor.click()
    desk.page.keyboard.type("mine = 3\nmine\n")
    expect(desk.place.locator(".workplace-notice")).to_contain_text("keeps nothing")
    assert desk.run("mine = 3\nmine") == "3"
    with desk.page.expect_download() as download:
        desk.page.locator('[data-do="download"]').click()
    assert "mine = 3" in download.value.path().read_text(encoding="utf-8")
    asked = []
    desk.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.page.reload()
    assert asked == ["beforeunload"]


def test_what_runs_can_reach_no_address(desk, sites, plain_reader):
    """The worker is under a policy of its own; the host sends no special headers."""
    desk.run("1")
    (worker,) = desk.page.workers
    reach = """(address) => Promise.allSettled([
        fetch(address), import(address + "_static/in_page/exercises.js"),
        new Promise((on, off) => { const s = new WebSocket(address.replace("http", "ws"));
            s.onopen = on; s.onerror = () => off(new Error("no socket")); }),
    ]).then((all) => all.map((one) => one.status))"""
    answered = []
    plain_reader.context.on("response", lambda response: answered.append(response.url))
    assert worker.evaluate(reach, sites["student"].url) == ["rejected"] * 3
    assert worker.evaluate("() => { try { importScripts('x.js') } catch (e) { return 'no' } }")
    assert answered == []
    assert desk.page.evaluate(
        "(address) => fetch(address).then((got) => got.ok)", sites["student"].url
    )
    assert desk.page.evaluate("window.crossOriginIsolated") is False


def test_a_browser_that_is_too_old_is_told_so(sites, plain_reader):
    """By what WebAssembly it knows; the text is kept, and the notebook can be had."""
    plain_reader.context.add_init_script(
        """WebAssembly.compileStreaming = async () => {
            throw new WebAssembly.CompileError("invalid opcode 0x1f"); };"""
    )
    plain_reader.page.goto(sites["student"].chapter(CHAPTER))
    desk = Desk(plain_reader.page, "sigmoid")
    desk.run("mine = 1")
    expect(desk.place.get_by_role("status")).to_contain_text("this browser is too old")
    with desk.page.expect_download() as download:
        desk.page.locator('[data-do="download"]').click()
    assert "mine = 1" in download.value.path().read_text(encoding="utf-8")
