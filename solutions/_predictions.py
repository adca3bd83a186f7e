"""Reading a file of predictions that somebody else has written."""

import csv
import io
from pathlib import Path

import numpy as np

COLUMNS = ("y_true", "score")


def read_predictions(path):
    r"""
    Read true classes and scores from a CSV file.

    For B's measures, on predictions of one's own. The first line names the columns; `y_true`
    and `score` must be among them, in any order. Blank lines are passed over.

    Parameters
    ----------
    path : str or os.PathLike
        File, in UTF-8, with commas between the columns.

    Returns
    -------
    y_true : ndarray of shape (N,)
        True classes, integers 0 or 1.
    scores : ndarray of shape (N,)
        Scores, finite floats.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If the file is empty, is not UTF-8, lacks a column, has it twice or has no rows; or if a
        row has more or fewer fields than the header, a class that is not 0 or 1, or a score that
        is no finite number. The message names the file, the line, the column and the text.

    See Also
    --------
    roc_curve : A use of what is read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "mine.csv")
    ...     _ = file.write_text("name,score,y_true\nada,0.9,1\nbob,0.2,0\n", encoding="utf-8")
    ...     read_predictions(file)
    (array([1, 0]), array([0.9, 0.2]))
    """
    rows = _rows(path)
    places = _places(path, next(rows, None))
    labels, scores = [], []
    for line, fields in rows:
        if len(fields) != places["width"]:
            message = f"{len(fields)} fields where the header has {places['width']}"
            raise ValueError(f"{path}, line {line}: {message}: {','.join(fields)!r}")
        texts = {column: fields[places[column]] for column in COLUMNS}
        label, score = (_number(texts[column]) for column in COLUMNS)
        if label not in (0, 1):
            raise _misfit(path, line, "y_true", texts, "is not 0 or 1")
        if score is None:
            raise _misfit(path, line, "score", texts, "is not a number")
        if not np.isfinite(score):
            raise _misfit(path, line, "score", texts, "is not finite")
        labels.append(int(label))
        scores.append(score)
    if not labels:
        raise ValueError(f"{path}: no rows after the header in line {places['line']}")
    return np.array(labels), np.array(scores)


def _rows(path):
    """Yield the number and the fields of each line that is not blank."""
    data = Path(path).read_bytes()
    try:
        text = data.decode("utf-8-sig")  # some spreadsheets put a byte order mark first
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"the byte 0x{data[error.start]:02x}"
        raise ValueError(f"{path}, line {line}: not UTF-8, as {byte} shows") from error
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                yield reader.line_num, fields
    except csv.Error as error:
        raise ValueError(f"{path}, line {reader.line_num}: not CSV: {error}") from error


def _places(path, header):
    """Find the columns in the header."""
    if header is None:
        raise ValueError(f"{path}: empty, without even a header {','.join(COLUMNS)}")
    line, fields = header
    names = [field.strip() for field in fields]
    places = {"line": line, "width": len(names)}
    for column in COLUMNS:
        if names.count(column) != 1:
            problem = "no column" if column not in names else "more than one column"
            found = ", ".join(map(repr, names))
            raise ValueError(f"{path}, line {line}: {problem} {column!r} among {found}")
        places[column] = names.index(column)
    return places


def _number(text):
    """Convert to a float, or to None what is no number; 1_0 is Python and no number in a file."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def _misfit(path, line, column, texts, problem):
    """Describe a field that is not what its column holds."""
    return ValueError(f"{path}, line {line}, column {column!r}: {texts[column]!r} {problem}")
