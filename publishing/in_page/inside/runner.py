"""Runs a student's cell, and the visible tests of its exercise, inside the page's Python.

This program is in the interpreter when it starts. It gets what to run as JSON and tells what
happens as events, a line of JSON each. It needs nothing of the browser, and runs in any Python.
"""

import ast
import base64
import io
import json
import linecache
import random
import re
import sys
import traceback
import types
import warnings

from .sentences import plain, sentence_of
from .slices import names_in, needed

MOST_OUTPUT = 200_000
"""So many characters of a run are shown."""
MOST_VALUE = 20_000
_telling, _packages = None, frozenset()
MAGIC = re.compile(r"^[%!].*$", re.MULTILINE)


class Output(io.TextIOBase):
    """A stream that tells what is written to it, up to a limit for the whole run."""

    encoding = "utf-8"

    def __init__(self, name, told):
        self.name, self._told = name, told

    def writable(self):
        return True

    def write(self, text):
        self._told.write(self.name, text)
        return len(text)

    def flush(self):
        self._told.flush()


class Telling:
    """Writes events; output is put together into pieces of some size.

    Parameters
    ----------
    send : callable
        Gets each event as a line of JSON.
    """

    PIECE = 4096

    def __init__(self, send):
        self._send, self._waiting, self._size = send, [], 0
        self.shown, self.is_silent = 0, False

    def tell(self, **event):
        self.flush()
        self._send(json.dumps(event))

    def write(self, stream, text):
        if self.is_silent or not text or self.shown > MOST_OUTPUT:
            return
        room = MOST_OUTPUT - self.shown
        self.shown += len(text)
        if self._waiting and self._waiting[0][0] != stream:
            self.flush()
        self._waiting.append((stream, text[:room]))
        self._size += len(text)
        if len(text) > room:
            self.tell(event="cut", limit=MOST_OUTPUT)
        elif self._size > self.PIECE:
            self.flush()

    def flush(self):
        waiting, self._waiting, self._size = self._waiting, [], 0
        if waiting:
            text = "".join(text for _, text in waiting)
            self._send(json.dumps({"event": "output", "stream": waiting[0][0], "text": text}))


def main(text):
    """Run what a request in JSON asks for; events go to the file that the page listens to."""
    with open("/tmp/events", "w", encoding="utf-8", buffering=1) as events:
        try:
            run(json.loads(text), lambda line: events.write(line + "\n"))
        except MissingPackage:
            events.write('{"event": "missing"}\n')


class MissingPackage(Exception):
    """A package that the page can load, and has not loaded yet."""


def run(request, send):
    """Run what a request asks for.

    Parameters
    ----------
    request : dict
        ``cell`` with ``id`` and ``source``; ``tests``, a list of the same; and ``before``, the
        cells before it in the notebook, which have a ``role``, too: ``answer`` or ``other``.
    send : callable
        Gets each event as a line of JSON: ``output``, ``value``, ``figure``, ``error``, ``test``,
        ``cut``.

    Raises
    ------
    MissingPackage
        When the code imports one of the request's ``packs``, which the page can load.
    """
    global _telling, _packages
    _packages = frozenset(request.get("packs", ()))
    told = _telling = Telling(send)
    main, sys.modules["__main__"] = sys.modules["__main__"], types.ModuleType("__main__")
    space = sys.modules["__main__"].__dict__
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Output("stdout", told), Output("stderr", told)
    _seed_anew()
    try:
        _run_before(request, space, told)
        _run_cell(request["cell"], space, told)
        show_figures()
        for test in request["tests"]:
            told.tell(event="test", id=test["id"], **_run_test(test, space, told))
    finally:
        told.flush()
        sys.stdout, sys.stderr = streams
        sys.modules["__main__"] = main
        _telling = None


def _seed_anew():
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


def _parsed(cell):
    """Parse a cell, with IPython's magics left out; its lines are kept for tracebacks."""
    name = f"<{cell['id']}>"
    source = MAGIC.sub("pass", cell["source"])
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes in strings, say: a kernel shows them, too
        return ast.parse(source, name)


def _run_before(request, space, told):
    """Run what the cell and its tests need of the cells before it, without what it prints."""
    cells, bodies = [], []
    for cell in request["before"]:
        try:
            bodies.append(_parsed(cell).body)
        except SyntaxError as error:
            if cell["role"] == "answer":
                told.tell(event="earlier", id=cell["id"], **_described(error))
            continue
        cells.append(cell)
    target = set()
    for cell in [request["cell"], *request["tests"]]:
        try:
            target |= names_in(_parsed(cell))
        except SyntaxError:  # told when it is run
            continue
    told.is_silent = True
    chosen = needed(bodies, target)
    for cell, body, choice in zip(cells, bodies, chosen, strict=True):
        if cell["role"] == "answer" and any(choice):
            choice = [True] * len(choice)
        part = [statement for statement, is_chosen in zip(body, choice, strict=True) if is_chosen]
        if part:
            try:
                exec(compile(ast.Module(part, []), f"<{cell['id']}>", "exec"), space)
            except BaseException as error:
                _tell_earlier(told, cell, error)
    told.is_silent = False
    _close_figures()


def _tell_earlier(told, cell, error):
    told.is_silent = False
    told.tell(event="earlier", id=cell["id"], **_described(error))
    told.is_silent = True


def _run_cell(cell, space, told):
    name = f"<{cell['id']}>"
    try:
        tree = _parsed(cell)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), space)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), name, "eval"), space)
            ends_silently = linecache.cache[name][2][-1].rstrip().endswith(";")
            if value is not None and not ends_silently:
                space["_"] = value
                told.tell(event="value", text=_shortened(repr(value)))
    except BaseException as error:
        told.tell(event="error", **_described(error))


def _run_test(test, space, told):
    try:
        exec(compile(_parsed(test), f"<{test['id']}>", "exec"), space)
    except AssertionError as error:
        return {"outcome": "failed", "message": _shortened(str(error)) or _asserted(error)}
    except BaseException as error:
        described = _described(error)
        return {"outcome": "error", "message": described["message"], **_where(described)}
    finally:
        show_figures()
    return {"outcome": "passed", "message": ""}


def _asserted(error):
    """Return the line that failed, of an assertion without a message."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"not true: {frames[-1].line}" if frames else "an assertion failed"


def _where(described):
    return {"lines": described["lines"], "sentence": described["sentence"]}


def _shortened(text):
    return text if len(text) <= MOST_VALUE else f"{text[:MOST_VALUE]}…"


def _described(error):
    """Tell an error by its kind and words, the lines of the student's own code, and a sentence."""
    kind = type(error).__name__
    module = getattr(error, "name", None) if isinstance(error, ModuleNotFoundError) else None
    if module and any(f"{module}.".startswith(f"{one}.") for one in _packages):
        raise MissingPackage(module)
    try:
        words = _shortened(plain("".join(traceback.format_exception_only(error)).strip()))
    except BaseException:  # its own __str__ fails
        words = kind
    lines = []
    if isinstance(error, SyntaxError) and (error.filename or "").startswith("<"):
        lines.append({"cell": error.filename[1:-1], "line": error.lineno, "code": error.text or ""})
        words = f"{kind}: {error.msg}"
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith("<") and frame.filename in linecache.cache:
            where = {"cell": frame.filename[1:-1], "line": frame.lineno, "code": frame.line or ""}
            lines.append(where)
    if len(lines) > 6:  # a recursion
        lines = [*lines[:3], *lines[-3:]]
    return {
        "kind": kind,
        "message": words,
        "lines": lines,
        "sentence": sentence_of(words),
        **({"module": module} if module else {}),
    }


def _close_figures():
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")


def show_figures():
    """Tell each open figure as a picture, as a notebook shows it below its cell."""
    told, pyplot = _telling, sys.modules.get("matplotlib.pyplot")
    if pyplot is None or told is None or told.is_silent:
        return
    for number in pyplot.get_fignums():
        picture = io.BytesIO()
        figure = pyplot.figure(number)
        try:
            figure.savefig(picture, format="png", dpi=figure.dpi, bbox_inches="tight")
        except Exception as error:
            told.tell(event="error", **_described(error))
            continue
        told.tell(event="figure", png=base64.b64encode(picture.getvalue()).decode())
    pyplot.close("all")
