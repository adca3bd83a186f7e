"""Reading a table of numbers that somebody else has made, and finding the magazine's columns in it.

A file from elsewhere is not to be trusted: whatever is not a table of numbers raises an error that
names the line and the column, so that no typing mistake becomes a weight.
"""

import csv
import io
from pathlib import Path

import numpy as np

FEATURES = (
    *("Income", "Is Female", "Is Married", "Has College", "Is Professional", "Is Retired"),
    *("Unemployed", "Residence Length", "Dual Income", "Minors", "Own", "House"),
    *("White", "English", "Prev Child Mag", "Prev Parent Mag"),
)
TARGET = "Buy"
_AMOUNTS = ("Income", "Residence Length")  # every other column holds 0 and 1
_DELIMITERS = ",;\t"


def read_table(text):
    r"""
    Read a table of numbers from the text of a CSV file.

    For files like that of B's logistic regression example. The first line that is not blank is a
    header if none of its fields is a number; blank lines are passed over.

    Parameters
    ----------
    text : str
        The text, with one character between the fields throughout: commas, semicolons or tabs,
        whichever the first line has most of.

    Returns
    -------
    names : list of str
        Names of the columns: those of the header, or "column 1", "column 2" and so on.
    table : ndarray of shape (N, D)
        Numbers, one row an observation.

    Raises
    ------
    ValueError
        If there are no rows, a name is missing or occurs twice, a row has more or fewer fields
        than the first, or a field is missing or is no finite number. The message names the line,
        and where it is one field also the column and the text.

    See Also
    --------
    read_magazine : Reads a file with certain columns.

    Examples
    --------
    >>> read_table("Income,Buy\n24000,0\n75000,1\n")
    (['Income', 'Buy'], array([[2.4e+04, 0.0e+00],
           [7.5e+04, 1.0e+00]]))
    """
    lines = _lines(text)
    if not lines:
        raise ValueError("the table is empty: it has no line that is not blank")
    first, fields = lines[0]
    if any(_number(field) is not None for field in fields):
        names = [f"column {place}" for place in range(1, len(fields) + 1)]
    else:
        names = _header(first, fields)
        lines = lines[1:]
    if not lines:
        raise ValueError(f"line {first} is a header, and no rows come after it")
    return names, np.array([_row(line, fields, names) for line, fields in lines])


def read_magazine(path):
    """
    Read the features and the target of B's logistic regression example from a CSV file.

    With a header, the columns may stand in any order, and a running number ("Obs. No.") may be
    among them. Without one there are the sixteen features in B's order and the target before or
    after them; it is before them if the first column holds nothing but 0 and 1.

    Parameters
    ----------
    path : str or os.PathLike
        File, in UTF-8, or in UTF-16 with a byte order mark.

    Returns
    -------
    X : ndarray of shape (N, 16)
        Features, in B's order.
    y : ndarray of shape (N,)
        Target, integers 0 or 1.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If the file is not text, is no table of finite numbers, has other columns than B's, or a
        column of zeros and ones holds something else. The message names the file, the line and
        the column.

    See Also
    --------
    read_table : Reads the text of such a file, whatever its columns.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "mine.csv")
    ...     _ = file.write_text("1,75000" + 15 * ",1" + "\\n0,9000" + 15 * ",0", encoding="utf-8")
    ...     X, y = read_magazine(file)
    >>> X.shape, y
    ((2, 16), array([1, 0]))
    """
    try:
        text = _decoded(Path(path).read_bytes())
        _divided(text)
        names, table = read_table(text)
        if names[0] == "column 1":
            names, table = _named_by_place(table)
        columns = _columns(names)
        for name in (*FEATURES, TARGET):
            values = table[:, columns[name]]
            wrong = np.flatnonzero((values != 0) & (values != 1))
            if name not in _AMOUNTS and wrong.size:
                # Below a header, which is a line and no row; blank lines are lines, too.
                line = [line for line, _ in _lines(text)][-len(table) :][wrong[0]]
                value = values[wrong[0]]
                raise ValueError(f"line {line}, column {name!r}: {value:g} is not 0 or 1")
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    X = table[:, [columns[name] for name in FEATURES]]
    return X, table[:, columns[TARGET]].astype(np.intp)


def _lines(text):
    """Split into pairs of a line's number and its fields, without the blank lines."""
    if not isinstance(text, str):
        raise ValueError(f"text must be a str, got {type(text).__name__}")
    text = text.removeprefix("\ufeff")  # some spreadsheets put a byte order mark first
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [
            (reader.line_num, [field.strip() for field in fields])
            for fields in reader
            if any(field.strip() for field in fields)
        ]
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: not CSV: {error}") from error


def _header(line, names):
    """Check that each column has a name of its own."""
    for place, name in enumerate(names, start=1):
        if not name:
            raise ValueError(f"line {line}: column {place} has no name")
        if names.index(name) != place - 1:
            raise ValueError(f"line {line}: two columns have the name {name!r}")
    return names


def _row(line, fields, names):
    """Convert the fields of a line to numbers."""
    if len(fields) != len(names):
        raise ValueError(f"line {line}: {len(fields)} fields where there should be {len(names)}")
    row = [_number(field) for field in fields]
    for name, field, number in zip(names, fields, row, strict=True):
        if not field:
            raise ValueError(f"line {line}, column {name!r}: the value is missing")
        if number is None:
            raise ValueError(f"line {line}, column {name!r}: {field!r} is not a number")
        if not np.isfinite(number):
            raise ValueError(f"line {line}, column {name!r}: {field!r} is not finite")
    return row


def _number(text):
    """Convert to a float, or to None what is no number; 1_0 is Python and no number in a file."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def _decoded(data):
    """Decode a file by its byte order mark, and as UTF-8 if there is none."""
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"line {line}: no text in {'UTF-16' if utf16 else 'UTF-8'}, in which it should be saved"
        ) from error


def _divided(text):
    """Check that something divides the fields, since the magazine has more columns than one."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            if not any(sign in line for sign in _DELIMITERS):
                raise ValueError(f"line {number}: no comma, semicolon or tab divides its fields")
            return


def _named_by_place(table):
    """Name the columns of a file without a header, after the place of the target."""
    numbers = np.arange(1, len(table) + 1)
    if table.shape[1] == len(FEATURES) + 2 and np.array_equal(table[:, 0], numbers):
        table = table[:, 1:]
    if table.shape[1] != len(FEATURES) + 1:
        raise ValueError(
            f"{table.shape[1]} columns and no header: there should be {len(FEATURES)} features "
            "and the target before or after them"
        )
    target_first = np.isin(table[:, 0], (0, 1)).all()
    return [TARGET, *FEATURES] if target_first else [*FEATURES, TARGET], table


def _columns(names):
    """Find the place of each column by its name, whatever its case, spaces and points."""
    plainly = [_plain(name) for name in names]
    places = {plain: place for place, plain in enumerate(plainly)}
    wanted = {_plain(name): name for name in (*FEATURES, TARGET)}
    faults = {
        "missing": [name for plain, name in wanted.items() if plain not in places],
        "unknown": [name for name in names if _plain(name) not in {*wanted, "obsno"}],
        "more than once": [name for name in names if plainly.count(_plain(name)) > 1],
    }
    if any(faults.values()):
        listed = (f"{fault} {', '.join(found)}" for fault, found in faults.items() if found)
        raise ValueError(f"the header does not fit: {'; '.join(listed)}")
    return {name: places[plain] for plain, name in wanted.items()}


def _plain(name):
    """Reduce a name to its letters and digits."""
    return "".join(sign for sign in name.lower() if sign.isalnum())
