"""What people do in JupyterLab with nbgrader: the parts of its pages that the tests press and read.

nbgrader's buttons and menus are pressed as a person would. Cells of a notebook, most of which are
not drawn at a time, are found and scrolled to through the application itself.
"""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Locator, Page

_READY = "window.jupyterapp?.commands.hasCommand('docmanager:open')"
_LOADED = """() => {
const panel = window.jupyterapp.shell.currentWidget;
return panel?.context?.isReady && panel.content.model?.cells?.length > 1;
}"""
_FIND = """
const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
const index = [...Array(cells.length).keys()].find(i => cells.get(i).id === id);
if (index === undefined) { throw new Error(`no cell ${id}`); }
"""
_SHOW = (
    "(id) => {"
    + _FIND
    + """
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = index;
    return notebook.scrollToItem(index, 'center');
}"""
)
_WRITE = "([id, source]) => {" + _FIND + "cells.get(index).sharedModel.setSource(source); }"
# What MathJax made of the formulas of a cell, once there is no dollar sign left in its text.
_TYPESET = (
    "async (id) => {"
    + _FIND
    + """
    const notebook = window.jupyterapp.shell.currentWidget.content;
    await notebook.scrollToItem(index, 'start');
    for (let wait = 0; wait < 1000; wait++) {
        const cell = notebook.widgets[index].node;
        const text = cell.querySelector('.jp-RenderedMarkdown');
        if (text?.querySelector('mjx-container') && !text.innerText.includes('$')) {
            const count = (tags) => cell.querySelectorAll(tags).length;
            const numbers = count('mjx-labels mjx-mtd'), faults = count('mjx-merror');
            return {text: text.innerText, numbers, faults};
        }
        await new Promise(resolve => setTimeout(resolve, 50));
    }
    throw new Error(`the formulas of ${id} were not set`);
}"""
)
_READ = "(id) => {" + _FIND + "return cells.get(index).sharedModel.getSource(); }"


def open_lab(page: Page, url: str) -> None:
    """Open JupyterLab and wait until it is ready."""
    page.goto(f"{url}lab")
    page.wait_for_function(_READY)
    page.evaluate("async () => { await window.jupyterapp.restored; }")


def open_from_menu(page: Page, entry: str) -> None:
    """Choose an entry of the menu Nbgrader."""
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    page.get_by_role("menuitem", name=entry, exact=True).click()


class Assignments:
    """The list of assignments in a student's JupyterLab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.released = page.locator("#released_assignments_list")
        self.fetched = page.locator("#fetched_assignments_list")
        self.submitted = page.locator("#submitted_assignments_list")

    def open(self, chapter: str) -> Notebook:
        """Open the notebook of a fetched assignment from the list."""
        self.fetched.get_by_role("button", name=chapter).click()
        self.fetched.locator(".nested_list_item").get_by_role("link", name=chapter).click()
        return Notebook(self.page)


class Notebook:
    """The notebook in front, once it is loaded."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.wait_for_function(_LOADED)

    def type(self, cell: str, source: str) -> None:
        """Replace what stands in a cell by typing into it."""
        self.page.evaluate(_SHOW, cell)
        self.page.locator(".jp-Notebook .jp-Cell.jp-mod-active .cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)

    def write(self, cell: str, source: str) -> None:
        """Replace what stands in a cell, without looking at it."""
        self.page.evaluate(_WRITE, [cell, source])

    def read(self, cell: str) -> str:
        """Return what stands in a cell."""
        return self.page.evaluate(_READ, cell)

    def typeset(self, cell: str) -> dict:
        """Scroll to a cell with formulas; return its text, its numbers of equations and faults."""
        return self.page.evaluate(_TYPESET, cell)

    def validate(self) -> Locator:
        """Press Validate; return the dialog with the results."""
        self.page.locator(".jp-NotebookPanel-toolbar").get_by_text("Validate").click()
        dialog = self.page.locator(".jp-Dialog", has_text="Validation")
        dialog.wait_for()
        return dialog

    def accept(self) -> None:
        """Close the dialog."""
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.page.locator(".jp-Dialog").wait_for(state="detached")


class Formgrader:
    """nbgrader's pages for the instructor, in their frame within JupyterLab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frame: FrameLocator = page.frame_locator("iframe[src*=formgrader]")

    def go_to(self, name: str) -> None:
        """Choose a page from formgrader's own navigation, at its left or top."""
        self.frame.locator("ul.nav, ol.breadcrumb").get_by_role("link", name=name).first.click()

    def row(self, text: str) -> Locator:
        """Return the row of the table that holds a text."""
        return self.frame.locator("tbody tr", has_text=text)

    def press(self, button: Locator) -> str:
        """Press a button that starts a job; return what formgrader says about its end."""
        button.click()
        dialog = self.frame.locator(".modal")
        close = dialog.get_by_role("button", name="OK")
        close.wait_for()
        said = dialog.inner_text()
        close.click()
        dialog.wait_for(state="detached")
        return said
