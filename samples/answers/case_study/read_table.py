# %% right: split by hand, line by line
def read_table(text):
    names, rows = None, []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        fields = [field.strip() for field in line.split(",")]
        if names is None:
            numeric = []
            for field in fields:
                try:
                    float(field)
                    numeric.append(True)
                except ValueError:
                    numeric.append(False)
            if not any(numeric):
                names = fields
                continue
            names = [f"column {place + 1}" for place in range(len(fields))]
        if len(fields) != len(names):
            raise ValueError(f"line {number}: {len(fields)} fields instead of {len(names)}")
        row = []
        for name, field in zip(names, fields):
            try:
                value = float(field)
            except ValueError:
                raise ValueError(f"line {number}, column {name}: {field!r} is not a number")
            if not np.isfinite(value):
                raise ValueError(f"line {number}, column {name}: {field!r} is not finite")
            row.append(value)
        rows.append(row)
    if not rows:
        raise ValueError("no rows")
    return names, np.array(rows)


# %% right: with the csv module
def read_table(text):
    import csv
    import io

    def is_number(field):
        try:
            float(field)
        except ValueError:
            return False
        return True

    reader = csv.reader(io.StringIO(text), skipinitialspace=True)
    lines = [(reader.line_num, row) for row in reader if "".join(row).strip()]
    if not lines:
        raise ValueError("the text is empty")
    first = [field.strip() for field in lines[0][1]]
    if any(is_number(field) for field in first):
        names = ["column %d" % (place + 1) for place in range(len(first))]
    else:
        names = first
        lines = lines[1:]
    if not lines:
        raise ValueError("a header without rows")
    table = np.empty((len(lines), len(names)))
    for place, (number, row) in enumerate(lines):
        if len(row) != len(names):
            raise ValueError(f"line {number} has {len(row)} fields, not {len(names)}")
        for column, field in enumerate(row):
            if not is_number(field) or not np.isfinite(float(field)):
                raise ValueError(f"line {number}, {names[column]}: {field!r}")
            table[place, column] = float(field)
    return names, table


# %% right: one function for a field, one for a line
def read_table(text):
    def value(field, line, name):
        try:
            number = float(field)
        except ValueError:
            number = None
        if number is None or number != number or abs(number) == float("inf"):
            raise ValueError(f"Zeile {line}, Spalte {name}: {field!r}")
        return number

    def looks_numeric(field):
        return field.lower().replace(".", "").replace("-", "").replace("+", "").replace("e", "").isdigit()

    lines = [
        (number, [field.strip() for field in line.split(",")])
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]
    if lines and not any(looks_numeric(field) for field in lines[0][1]):
        names = lines.pop(0)[1]
    elif lines:
        names = [f"column {place}" for place, _ in enumerate(lines[0][1], 1)]
    if not lines:
        raise ValueError("there is no row of numbers")
    for number, fields in lines:
        if len(fields) != len(names):
            raise ValueError(f"line {number}: wrong number of fields")
    rows = [[value(f, n, c) for f, c in zip(fields, names)] for n, fields in lines]
    return names, np.array(rows, dtype=float)


# %% wrong: the first line is always a header
# fails: read_table_without_a_header, read_table_names_the_line_and_the_column, read_table_in_general
def read_table(text):
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) < 2:
        raise ValueError("no rows")
    names = [field.strip() for field in lines[0][1].split(",")]
    rows = []
    for number, line in lines[1:]:
        fields = line.split(",")
        if len(fields) != len(names):
            raise ValueError(f"line {number}: wrong number of fields")
        for name, field in zip(names, fields):
            try:
                finite = np.isfinite(float(field))
            except ValueError:
                finite = False
            if not finite:
                raise ValueError(f"line {number}, column {name}: {field!r}")
        rows.append([float(field) for field in fields])
    return names, np.array(rows)


# %% wrong: what cannot be read becomes a zero
# fails: read_table_without_a_header, read_table_names_the_line_and_the_column, read_table_refuses_what_is_no_table
def read_table(text):
    def number(field):
        try:
            return float(field)
        except ValueError:
            return 0.0

    def is_number(field):
        try:
            float(field)
            return True
        except ValueError:
            return False

    lines = [
        [field.strip() for field in line.split(",")] for line in text.splitlines() if line.strip()
    ]
    if not lines:
        raise ValueError("empty")
    names = [f"column {place + 1}" for place in range(len(lines[0]))]
    if not any(map(is_number, lines[0])):
        names = lines.pop(0)
    if not lines:
        raise ValueError("empty")
    width = len(names)
    padded = [(line + ["0"] * width)[:width] for line in lines]
    return names, np.array([[number(field) for field in line] for line in padded])


# %% wrong: a float that fails says neither line nor column
# fails: read_table_names_the_line_and_the_column
def read_table(text):
    lines = [(n, line.split(",")) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise ValueError("no rows")

    def is_number(field):
        try:
            float(field)
            return True
        except ValueError:
            return False

    if any(is_number(field) for field in lines[0][1]):
        names = [f"column {place + 1}" for place in range(len(lines[0][1]))]
    else:
        names = [field.strip() for field in lines.pop(0)[1]]
    if not lines:
        raise ValueError("no rows")
    for number, fields in lines:
        if len(fields) != len(names):
            raise ValueError(f"line {number}: {len(fields)} fields")
    table = np.array([[float(field) for field in fields] for _, fields in lines])
    if not np.isfinite(table).all():
        raise ValueError("some number is not finite")
    return names, table


# %% wrong: lines counted without the blank ones and the header
# fails: read_table_names_the_line_and_the_column, read_table_refuses_what_is_no_table
def read_table(text):
    lines = [[f.strip() for f in line.split(",")] for line in text.splitlines() if line.strip()]

    def value(field):
        try:
            number = float(field)
            return number if np.isfinite(number) else None
        except ValueError:
            return None

    if not lines:
        raise ValueError("empty")
    if all(value(field) is None for field in lines[0]):
        names, lines = lines[0], lines[1:]
    else:
        names = [f"column {place + 1}" for place in range(len(lines[0]))]
    if not lines:
        raise ValueError("empty")
    for number, fields in enumerate(lines):
        if len(fields) != len(names):
            raise ValueError(f"line {number}: wrong number of fields")
        for name, field in zip(names, fields):
            if value(field) is None:
                raise ValueError(f"line {number}, column {name}: {field!r}")
    return names, np.array([[value(field) for field in fields] for fields in lines])


# %% wrong: the table stays text
# fails: read_table_with_a_header, read_table_without_a_header, read_table_names_the_line_and_the_column, read_table_refuses_what_is_no_table, read_table_in_general
def read_table(text):
    lines = [line.split(",") for line in text.split("\n") if line]
    if not lines[0][0].isdigit():
        return lines[0], np.array(lines[1:])
    return [f"column {place + 1}" for place in range(len(lines[0]))], np.array(lines)


# %% wrong: nan and inf pass for numbers
# fails: read_table_names_the_line_and_the_column
def read_table(text):
    lines = [
        (number, [field.strip() for field in line.split(",")])
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]

    def is_number(field):
        try:
            float(field)
            return True
        except ValueError:
            return False

    if not lines:
        raise ValueError("no rows")
    if any(is_number(field) for field in lines[0][1]):
        names = [f"column {place + 1}" for place in range(len(lines[0][1]))]
    else:
        names = lines.pop(0)[1]
    if not lines:
        raise ValueError("no rows")
    for number, fields in lines:
        if len(fields) != len(names):
            raise ValueError(f"line {number}: {len(fields)} fields")
        for name, field in zip(names, fields):
            if not is_number(field):
                raise ValueError(f"line {number}, column {name}: {field!r} is not a number")
    return names, np.array([[float(field) for field in fields] for _, fields in lines])


# %% wrong: a header is a line with any field that is no number
# fails: read_table_without_a_header, read_table_names_the_line_and_the_column
def read_table(text):
    def value(field):
        try:
            return float(field)
        except ValueError:
            return np.nan

    names, rows = None, []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        fields = [field.strip() for field in line.split(",")]
        values = [value(field) for field in fields]
        if names is None:
            if np.isnan(values).any():
                names = fields
                continue
            names = [f"column {place + 1}" for place in range(len(fields))]
        if len(fields) != len(names):
            raise ValueError(f"line {number}: {len(fields)} fields")
        if not np.isfinite(values).all():
            place = np.flatnonzero(~np.isfinite(values))[0]
            raise ValueError(f"line {number}, {names[place]}: {fields[place]!r}")
        rows.append(values)
    if not rows:
        raise ValueError("no rows")
    return names, np.array(rows)


# %% wrong: takes digits, a point and a sign for all that makes a number
# fails: read_table_without_a_header, read_table_in_general
def read_table(text):
    def is_number(field):
        return field.lstrip("+-").replace(".", "", 1).isdigit()

    names, rows = None, []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        fields = [field.strip() for field in line.split(",")]
        if names is None:
            if not any(is_number(field) for field in fields):
                names = fields
                continue
            names = [f"column {place + 1}" for place in range(len(fields))]
        if len(fields) != len(names):
            raise ValueError(f"line {number}: {len(fields)} fields")
        for name, field in zip(names, fields):
            try:
                fine = np.isfinite(float(field))
            except ValueError:
                fine = False
            if not fine:
                raise ValueError(f"line {number}, column {name}: {field!r}")
        rows.append([float(field) for field in fields])
    if not rows:
        raise ValueError("no rows")
    return names, np.array(rows)


# %% wrong: only the first field tells a header
# fails: read_table_without_a_header, read_table_names_the_line_and_the_column
def read_table(text):
    names, rows = None, []
    for number, line in enumerate(text.splitlines(), 1):
        fields = [field.strip() for field in line.split(",")]
        if not any(fields):
            continue
        if names is None:
            try:
                float(fields[0])
                names = [f"column {place}" for place in range(1, len(fields) + 1)]
            except ValueError:
                names = fields
                continue
        if len(fields) != len(names):
            raise ValueError(f"line {number}: {len(fields)} fields")
        row = []
        for name, field in zip(names, fields):
            try:
                value = float(field)
            except ValueError:
                raise ValueError(f"line {number}, {name}: {field!r}") from None
            if not np.isfinite(value):
                raise ValueError(f"line {number}, {name}: {field!r}")
            row.append(value)
        rows.append(row)
    if not rows:
        raise ValueError("no rows")
    return names, np.array(rows)


# %% wrong: every text raises, with every number in the message
# fails: read_table_with_a_header, read_table_without_a_header, read_table_names_the_line_and_the_column, read_table_refuses_what_is_no_table, read_table_in_general
def read_table(text):
    raise ValueError(
        "line " + " ".join(map(str, range(200))) + " Income Buy column 1 column 2 is wrong"
    )


# %% wrong: a line of spaces is a row
# fails: read_table_names_the_line_and_the_column, read_table_in_general
def read_table(text):
    names, rows = None, []
    for number, line in enumerate(text.split("\n"), 1):
        if line == "":
            continue
        fields = [field.strip() for field in line.split(",")]
        if names is None:

            def is_number(field):
                try:
                    float(field)
                except ValueError:
                    return False
                return True

            if not any(is_number(field) for field in fields):
                names = fields
                continue
            names = [f"column {place}" for place in range(1, len(fields) + 1)]
        if len(fields) != len(names):
            raise ValueError(f"line {number}: {len(fields)} fields")
        for name, field in zip(names, fields):
            try:
                value = float(field)
            except ValueError:
                value = np.nan
            if not np.isfinite(value):
                raise ValueError(f"line {number}, {name}: {field!r}")
        rows.append([float(field) for field in fields])
    if not rows:
        raise ValueError("no rows")
    return names, np.array(rows)


# %% wrong: a header is a line whose fields begin with letters
# fails: read_table_without_a_header
import math


def is_number(field):
    try:
        float(field)
    except ValueError:
        return False
    return True


def read_table(text):
    lines = [
        (k, [f.strip() for f in line.split(",")])
        for k, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not lines:
        raise ValueError("no rows")
    first = lines[0][1]
    if not all(f[:1].isalpha() for f in first):
        names = [f"column {j + 1}" for j in range(len(first))]
    else:
        names = first
        lines = lines[1:]
    if not lines:
        raise ValueError("no rows of numbers")
    table = []
    for k, fields in lines:
        if len(fields) != len(names):
            raise ValueError(f"line {k}: {len(fields)} fields, not {len(names)}")
        row = []
        for name, f in zip(names, fields):
            if not f:
                raise ValueError(f"line {k}, column {name!r}: missing")
            if not is_number(f) or not math.isfinite(float(f)):
                raise ValueError(f"line {k}, column {name!r}: {f!r} is no finite number")
            row.append(float(f))
        table.append(row)
    return names, np.array(table)


# %% wrong: takes a pattern for a number in the header, without 5. and 1E3
# fails: read_table_without_a_header
import math
import re


def is_number(field):
    try:
        float(field)
    except ValueError:
        return False
    return True


def read_table(text):
    lines = [
        (k, [f.strip() for f in line.split(",")])
        for k, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not lines:
        raise ValueError("no rows")
    first = lines[0][1]
    if any(re.fullmatch(r"[+-]?(\d*\.)?\d+(e[+-]?\d+)?", f) for f in first):
        names = [f"column {j + 1}" for j in range(len(first))]
    else:
        names = first
        lines = lines[1:]
    if not lines:
        raise ValueError("no rows of numbers")
    table = []
    for k, fields in lines:
        if len(fields) != len(names):
            raise ValueError(f"line {k}: {len(fields)} fields, not {len(names)}")
        row = []
        for name, f in zip(names, fields):
            if not f:
                raise ValueError(f"line {k}, column {name!r}: missing")
            if not is_number(f) or not math.isfinite(float(f)):
                raise ValueError(f"line {k}, column {name!r}: {f!r} is no finite number")
            row.append(float(f))
        table.append(row)
    return names, np.array(table)


# %% wrong: takes a pattern for a number in the rows, without 5. and 1E3
# fails: read_table_without_a_header
import math
import re


def is_number(field):
    try:
        float(field)
    except ValueError:
        return False
    return True


def read_table(text):
    lines = [
        (k, [f.strip() for f in line.split(",")])
        for k, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not lines:
        raise ValueError("no rows")
    first = lines[0][1]
    if any(is_number(f) for f in first):
        names = [f"column {j + 1}" for j in range(len(first))]
    else:
        names = first
        lines = lines[1:]
    if not lines:
        raise ValueError("no rows of numbers")
    table = []
    for k, fields in lines:
        if len(fields) != len(names):
            raise ValueError(f"line {k}: {len(fields)} fields, not {len(names)}")
        row = []
        for name, f in zip(names, fields):
            if not f:
                raise ValueError(f"line {k}, column {name!r}: missing")
            if not re.fullmatch(r"[+-]?(\d*\.)?\d+(e[+-]?\d+)?", f) or not math.isfinite(float(f)):
                raise ValueError(f"line {k}, column {name!r}: {f!r} is no finite number")
            row.append(float(f))
        table.append(row)
    return names, np.array(table)


# %% wrong: knows nan and inf by their short names only
# fails: read_table_names_the_line_and_the_column
import math


def is_number(field):
    try:
        float(field)
    except ValueError:
        return False
    return True


def read_table(text):
    lines = [
        (k, [f.strip() for f in line.split(",")])
        for k, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not lines:
        raise ValueError("no rows")
    first = lines[0][1]
    if any(is_number(f) for f in first):
        names = [f"column {j + 1}" for j in range(len(first))]
    else:
        names = first
        lines = lines[1:]
    if not lines:
        raise ValueError("no rows of numbers")
    table = []
    for k, fields in lines:
        if len(fields) != len(names):
            raise ValueError(f"line {k}: {len(fields)} fields, not {len(names)}")
        row = []
        for name, f in zip(names, fields):
            if not f:
                raise ValueError(f"line {k}, column {name!r}: missing")
            if not is_number(f) or f.lower().strip("+-") in ("nan", "inf"):
                raise ValueError(f"line {k}, column {name!r}: {f!r} is no finite number")
            row.append(float(f))
        table.append(row)
    return names, np.array(table)


# %% wrong: knows inf by its names, and not by its value
# fails: read_table_names_the_line_and_the_column
import math


def is_number(field):
    try:
        float(field)
    except ValueError:
        return False
    return True


def read_table(text):
    lines = [
        (k, [f.strip() for f in line.split(",")])
        for k, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not lines:
        raise ValueError("no rows")
    first = lines[0][1]
    if any(is_number(f) for f in first):
        names = [f"column {j + 1}" for j in range(len(first))]
    else:
        names = first
        lines = lines[1:]
    if not lines:
        raise ValueError("no rows of numbers")
    table = []
    for k, fields in lines:
        if len(fields) != len(names):
            raise ValueError(f"line {k}: {len(fields)} fields, not {len(names)}")
        row = []
        for name, f in zip(names, fields):
            if not f:
                raise ValueError(f"line {k}, column {name!r}: missing")
            if not is_number(f) or f.lower().strip("+-") in ("nan", "inf", "infinity"):
                raise ValueError(f"line {k}, column {name!r}: {f!r} is no finite number")
            row.append(float(f))
        table.append(row)
    return names, np.array(table)


# %% wrong: empty fields too many are cut off
# fails: read_table_refuses_what_is_no_table
import math


def is_number(field):
    try:
        float(field)
    except ValueError:
        return False
    return True


def read_table(text):
    lines = [
        (k, [f.strip() for f in line.split(",")])
        for k, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not lines:
        raise ValueError("no rows")
    first = lines[0][1]
    if any(is_number(f) for f in first):
        names = [f"column {j + 1}" for j in range(len(first))]
    else:
        names = first
        lines = lines[1:]
    if not lines:
        raise ValueError("no rows of numbers")
    table = []
    for k, fields in lines:
        while len(fields) > len(names) and not fields[-1]:
            fields = fields[:-1]
        if len(fields) != len(names):
            raise ValueError(f"line {k}: {len(fields)} fields, not {len(names)}")
        row = []
        for name, f in zip(names, fields):
            if not f:
                raise ValueError(f"line {k}, column {name!r}: missing")
            if not is_number(f) or not math.isfinite(float(f)):
                raise ValueError(f"line {k}, column {name!r}: {f!r} is no finite number")
            row.append(float(f))
        table.append(row)
    return names, np.array(table)


# %% wrong: equal rows are dropped
# fails: read_table_in_general
import math


def is_number(field):
    try:
        float(field)
    except ValueError:
        return False
    return True


def read_table(text):
    lines = [
        (k, [f.strip() for f in line.split(",")])
        for k, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not lines:
        raise ValueError("no rows")
    first = lines[0][1]
    if any(is_number(f) for f in first):
        names = [f"column {j + 1}" for j in range(len(first))]
    else:
        names = first
        lines = lines[1:]
    if not lines:
        raise ValueError("no rows of numbers")
    table = []
    for k, fields in lines:
        if len(fields) != len(names):
            raise ValueError(f"line {k}: {len(fields)} fields, not {len(names)}")
        row = []
        for name, f in zip(names, fields):
            if not f:
                raise ValueError(f"line {k}, column {name!r}: missing")
            if not is_number(f) or not math.isfinite(float(f)):
                raise ValueError(f"line {k}, column {name!r}: {f!r} is no finite number")
            row.append(float(f))
        table.append(row) if row not in table[-1:] or len(table) < 2 else None
    return names, np.array(table)


# %% wrong: large numbers are taken for infinite
# fails: read_table_without_a_header
import math


def is_number(field):
    try:
        float(field)
    except ValueError:
        return False
    return True


def read_table(text):
    lines = [
        (k, [f.strip() for f in line.split(",")])
        for k, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not lines:
        raise ValueError("no rows")
    first = lines[0][1]
    if any(is_number(f) for f in first):
        names = [f"column {j + 1}" for j in range(len(first))]
    else:
        names = first
        lines = lines[1:]
    if not lines:
        raise ValueError("no rows of numbers")
    table = []
    for k, fields in lines:
        if len(fields) != len(names):
            raise ValueError(f"line {k}: {len(fields)} fields, not {len(names)}")
        row = []
        for name, f in zip(names, fields):
            if not f:
                raise ValueError(f"line {k}, column {name!r}: missing")
            if not is_number(f) or not abs(float(f)) < 1e12:
                raise ValueError(f"line {k}, column {name!r}: {f!r} is no finite number")
            row.append(float(f))
        table.append(row)
    return names, np.array(table)
