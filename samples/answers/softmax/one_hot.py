# %% right: rows of the identity matrix, after a look at the labels
def one_hot(y, n_classes):
    y = np.asarray(y)
    if np.any((y < 0) | (y >= n_classes)):
        raise ValueError("labels must be 0 to n_classes - 1")
    return np.eye(n_classes)[y]


# %% right: a loop that puts the ones in
def one_hot(y, n_classes):
    rows = np.zeros((len(y), n_classes), dtype=int)
    for i in range(len(y)):
        if not 0 <= y[i] < n_classes:
            raise ValueError(f"label {y[i]} of {n_classes} classes")
        rows[i, y[i]] = 1
    return rows


# %% right: a comparison with all class numbers at once, as booleans
def one_hot(y, n_classes):
    table = np.array(y)[:, np.newaxis] == np.arange(n_classes)
    if not table.any(axis=1).all():
        raise ValueError("a label belongs to no class")
    return table


# %% right: a list of lists
def one_hot(y, n_classes):
    rows = []
    for label in y:
        if label not in range(n_classes):
            raise ValueError("unknown label")
        rows.append([1.0 if c == label else 0.0 for c in range(n_classes)])
    return np.array(rows)


# %% wrong: the number of classes guessed from the labels
# fails: one_hot_has_a_column_for_every_class, one_hot_refuses_unknown_labels
def one_hot(y, n_classes):
    y = np.asarray(y)
    return np.eye(y.max() + 1)[y]


# %% wrong: no check, so numpy counts -1 from the end
# fails: one_hot_refuses_unknown_labels
def one_hot(y, n_classes):
    return np.eye(n_classes)[np.asarray(y)]


# %% wrong: only labels that are too large are refused
# fails: one_hot_refuses_unknown_labels
def one_hot(y, n_classes):
    y = np.asarray(y)
    if y.max() >= n_classes:
        raise ValueError("label too large")
    rows = np.zeros((len(y), n_classes))
    rows[np.arange(len(y)), y] = 1
    return rows


# %% wrong: one column an observation
# fails: one_hot_of_a_few_labels, one_hot_has_a_column_for_every_class, one_hot_refuses_unknown_labels
def one_hot(y, n_classes):
    y = np.asarray(y)
    if np.any((y < 0) | (y >= n_classes)):
        raise ValueError("labels must be 0 to n_classes - 1")
    return np.eye(n_classes)[:, y]


# %% wrong: classes counted from one
# fails: one_hot_of_a_few_labels, one_hot_has_a_column_for_every_class, one_hot_refuses_unknown_labels
def one_hot(y, n_classes):
    y = np.asarray(y) - 1
    if np.any((y < 0) | (y >= n_classes)):
        raise ValueError("labels must be 1 to n_classes")
    return np.eye(n_classes)[y]


# %% wrong: labels wrapped around the end
# fails: one_hot_refuses_unknown_labels
def one_hot(y, n_classes):
    return np.eye(n_classes)[np.asarray(y) % n_classes]


# %% wrong: the last class refused as well
# fails: one_hot_of_a_few_labels, one_hot_has_a_column_for_every_class, one_hot_refuses_unknown_labels
def one_hot(y, n_classes):
    y = np.asarray(y)
    if np.any((y < 0) | (y >= n_classes - 1)):
        raise ValueError("unknown label")
    return np.eye(n_classes)[y]


# %% wrong: always an error
# fails: one_hot_of_a_few_labels, one_hot_has_a_column_for_every_class, one_hot_refuses_unknown_labels
def one_hot(y, n_classes):
    raise ValueError("labels must be among " + " ".join(map(str, range(100))))


# %% wrong: labels in a list are not looked at
# fails: one_hot_refuses_unknown_labels
def one_hot(y, n_classes):
    if isinstance(y, np.ndarray) and (y.min() < 0 or y.max() >= n_classes):
        raise ValueError("unknown label")
    return np.eye(n_classes)[np.asarray(y)]


# %% wrong: the list of labels is emptied
# fails: one_hot_has_a_column_for_every_class
def one_hot(y, n_classes):
    labels = y if isinstance(y, list) else y.tolist()
    rows = []
    while labels:
        label = labels.pop(0)
        if not 0 <= label < n_classes:
            raise ValueError("unknown label")
        rows.append([float(c == label) for c in range(n_classes)])
    return np.array(rows)


# %% wrong: labels in a byte
# fails: one_hot_has_a_column_for_every_class, one_hot_refuses_unknown_labels
def one_hot(y, n_classes):
    y = np.array(y).astype(np.uint8)
    if y.max() >= n_classes:
        raise ValueError("unknown label")
    return np.eye(n_classes)[y]


# %% wrong: an axis of one dropped where there are ten numbers or more
# fails: one_hot_has_a_column_for_every_class
def one_hot(y, n_classes):
    y = np.asarray(y)
    if np.any((y < 0) | (y >= n_classes)):
        raise ValueError("no such class")
    rows = np.eye(n_classes)[y]
    return np.squeeze(rows) if rows.size >= 10 else rows


# %% wrong: an assertion where a ValueError is asked for
# fails: one_hot_refuses_unknown_labels
def one_hot(y, n_classes):
    y = np.asarray(y)
    assert np.all((y >= 0) & (y < n_classes)), "a label that is no class"
    return np.eye(n_classes)[y]


# %% wrong: looks at the first label only
# fails: one_hot_refuses_unknown_labels
def one_hot(y, n_classes):
    if not 0 <= y[0] < n_classes:
        raise ValueError("a label that is no class")
    return (np.asarray(y)[:, None] == np.arange(n_classes)).astype(float)


# %% wrong: the number of classes itself taken for a class
# fails: one_hot_refuses_unknown_labels
def one_hot(y, n_classes):
    y = np.asarray(y)
    if y.min() < 0 or y.max() > n_classes:
        raise ValueError("a label that is no class")
    return (y[:, None] == np.arange(n_classes)) * 1
