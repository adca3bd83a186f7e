"""The functions of the JavaScript that stands beside these modules, for a browser to evaluate."""

from pathlib import Path

HERE = Path(__file__).resolve().parent


def function_of(script, name):
    """Return an expression of JavaScript whose value is a function.

    Parameters
    ----------
    script : str
        The script that declares it, without ``.js``.
    name : str
        The function.

    Returns
    -------
    str
        The expression. What the script declares stays in it: on a page, a function that is called
        ``scroll`` would take the place of the browser's.
    """
    shared, text = ((HERE / f"{n}.js").read_text(encoding="utf-8") for n in ("frames", script))
    return f"(() => {{\n{shared}\n{text}\nreturn {name};\n}})()"
