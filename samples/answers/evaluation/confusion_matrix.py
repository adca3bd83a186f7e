# %% right: a loop over the observations
def confusion_matrix(y_true, y_pred, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for truth, prediction in zip(y_true, y_pred):
        matrix[truth, prediction] += 1
    return matrix


# %% right: a count for each cell, as a list of lists
def confusion_matrix(y_true, y_pred, n_classes):
    return [
        [int(np.sum((y_true == c) & (y_pred == d))) for d in range(n_classes)]
        for c in range(n_classes)
    ]


# %% right: a product of one-hot matrices
def confusion_matrix(y_true, y_pred, n_classes):
    return np.eye(n_classes)[y_true].T @ np.eye(n_classes)[y_pred]


# %% right: unbuffered addition
def confusion_matrix(y_true, y_pred, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix


# %% right: a count of combined numbers
def confusion_matrix(y_true, y_pred, n_classes):
    return np.bincount(n_classes * y_true + y_pred, minlength=n_classes**2).reshape(
        n_classes, n_classes
    )


# %% wrong: the transpose
# fails: confusion_matrix_of_a_small_example, confusion_matrix_in_general
def confusion_matrix(y_true, y_pred, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for truth, prediction in zip(y_true, y_pred):
        matrix[prediction, truth] += 1
    return matrix


# %% wrong: fancy indexing, which adds one only once
# fails: confusion_matrix_of_a_small_example, confusion_matrix_in_general
def confusion_matrix(y_true, y_pred, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    matrix[y_true, y_pred] += 1
    return matrix


# %% wrong: the classes that occur, not n_classes of them
# fails: confusion_matrix_in_general
def confusion_matrix(y_true, y_pred, n_classes):
    size = max(y_true.max(), y_pred.max()) + 1
    matrix = np.zeros((size, size), dtype=int)
    for truth, prediction in zip(y_true, y_pred):
        matrix[truth, prediction] += 1
    return matrix


# %% wrong: shares instead of counts
# fails: confusion_matrix_of_a_small_example, confusion_matrix_in_general
def confusion_matrix(y_true, y_pred, n_classes):
    matrix = np.zeros((n_classes, n_classes))
    for truth, prediction in zip(y_true, y_pred):
        matrix[truth, prediction] += 1 / len(y_true)
    return matrix


# %% wrong: classes counted from one
# fails: confusion_matrix_of_a_small_example, confusion_matrix_in_general
def confusion_matrix(y_true, y_pred, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for truth, prediction in zip(y_true, y_pred):
        matrix[truth - 1, prediction - 1] += 1
    return matrix


# %% wrong: only the right predictions
# fails: confusion_matrix_of_a_small_example, confusion_matrix_in_general
def confusion_matrix(y_true, y_pred, n_classes):
    return np.diag([np.sum((y_true == c) & (y_pred == c)) for c in range(n_classes)])


# %% wrong: counts in bytes, which end at 127
# fails: confusion_matrix_in_general
def confusion_matrix(y_true, y_pred, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=np.int8)
    for true, predicted in zip(y_true, y_pred):
        matrix[true, predicted] += 1
    return matrix


# %% wrong: one class gives a number and no matrix
# fails: confusion_matrix_in_general
def confusion_matrix(y_true, y_pred, n_classes):
    counts = np.zeros((n_classes, n_classes), dtype=int)
    for true, said in zip(y_true, y_pred):
        counts[true, said] += 1
    return np.squeeze(counts)


# %% wrong: counts of the type of the labels
# fails: confusion_matrix_in_general
def confusion_matrix(y_true, y_pred, n_classes):
    counts = np.zeros((n_classes, n_classes), dtype=y_true.dtype)
    for true, said in zip(y_true, y_pred):
        counts[true, said] += 1
    return counts


# %% wrong: pairs written as text, which two digits mix up
# fails: confusion_matrix_in_general
def confusion_matrix(y_true, y_pred, n_classes):
    pairs = [f"{t}{p}" for t, p in zip(y_true, y_pred)]
    return np.array([[pairs.count(f"{t}{p}") for p in range(n_classes)] for t in range(n_classes)])


# %% wrong: a histogram that ends at the last class
# fails: confusion_matrix_in_general
def confusion_matrix(y_true, y_pred, n_classes):
    return np.histogram2d(y_true, y_pred, bins=n_classes)[0]


# %% wrong: each pair counted once
# fails: confusion_matrix_of_a_small_example, confusion_matrix_in_general
def confusion_matrix(y_true, y_pred, n_classes):
    C = np.zeros((n_classes, n_classes), dtype=int)
    for t, p in set(zip(y_true.tolist(), y_pred.tolist())):
        C[t, p] += 1
    return C
