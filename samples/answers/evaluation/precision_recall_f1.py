# %% right: the three counts, with each edge apart
def precision_recall_f1(y_true, y_pred):
    tp = np.sum((y_true == 1) & (y_pred == 1))
    fp = np.sum((y_true == 0) & (y_pred == 1))
    fn = np.sum((y_true == 1) & (y_pred == 0))
    precision = tp / (tp + fp) if tp + fp > 0 else 0.0
    recall = tp / (tp + fn) if tp + fn > 0 else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0
    return precision, recall, f1


# %% right: a loop, and everything 0 when there is no hit
def precision_recall_f1(y_true, y_pred):
    hits = alarms = misses = 0
    for truth, prediction in zip(y_true, y_pred):
        if truth == 1 and prediction == 1:
            hits += 1
        elif prediction == 1:
            alarms += 1
        elif truth == 1:
            misses += 1
    if hits == 0:
        return 0.0, 0.0, 0.0
    return hits / (hits + alarms), hits / (hits + misses), 2 * hits / (2 * hits + alarms + misses)


# %% right: products and sums, and a larger denominator where it would be 0
def precision_recall_f1(y_true, y_pred):
    hits = int(np.dot(y_true, y_pred))
    n_pred, n_true = int(np.sum(y_pred)), int(np.sum(y_true))
    return [hits / max(n_pred, 1), hits / max(n_true, 1), 2 * hits / max(n_pred + n_true, 1)]


# %% wrong: precision and recall swapped
# fails: precision_recall_f1_on_small_examples, precision_recall_f1_at_the_edges, precision_recall_f1_in_general
def precision_recall_f1(y_true, y_pred):
    hits, n_pred, n_true = np.sum(y_true * y_pred), np.sum(y_pred), np.sum(y_true)
    if hits == 0:
        return 0.0, 0.0, 0.0
    return hits / n_true, hits / n_pred, 2 * hits / (n_pred + n_true)


# %% wrong: the arithmetic mean
# fails: precision_recall_f1_on_small_examples, precision_recall_f1_at_the_edges, precision_recall_f1_in_general
def precision_recall_f1(y_true, y_pred):
    hits, n_pred, n_true = np.sum(y_true * y_pred), np.sum(y_pred), np.sum(y_true)
    if hits == 0:
        return 0.0, 0.0, 0.0
    precision, recall = hits / n_pred, hits / n_true
    return precision, recall, (precision + recall) / 2


# %% wrong: the factor 2 forgotten
# fails: precision_recall_f1_on_small_examples, precision_recall_f1_at_the_edges, precision_recall_f1_in_general
def precision_recall_f1(y_true, y_pred):
    hits, n_pred, n_true = np.sum(y_true * y_pred), np.sum(y_pred), np.sum(y_true)
    if hits == 0:
        return 0.0, 0.0, 0.0
    precision, recall = hits / n_pred, hits / n_true
    return precision, recall, precision * recall / (precision + recall)


# %% wrong: divides by zero
# fails: precision_recall_f1_at_the_edges
def precision_recall_f1(y_true, y_pred):
    tp = np.sum((y_true == 1) & (y_pred == 1))
    precision = tp / np.sum(y_pred == 1)
    recall = tp / np.sum(y_true == 1)
    return precision, recall, 2 * precision * recall / (precision + recall)


# %% wrong: class 0 taken for the positive one
# fails: precision_recall_f1_on_small_examples, precision_recall_f1_at_the_edges, precision_recall_f1_in_general
def precision_recall_f1(y_true, y_pred):
    hits = np.sum((y_true == 0) & (y_pred == 0))
    n_pred, n_true = np.sum(y_pred == 0), np.sum(y_true == 0)
    return hits / max(n_pred, 1), hits / max(n_true, 1), 2 * hits / max(n_pred + n_true, 1)


# %% wrong: the accuracy in the place of the precision
# fails: precision_recall_f1_on_small_examples, precision_recall_f1_at_the_edges, precision_recall_f1_in_general
def precision_recall_f1(y_true, y_pred):
    precision = np.mean(y_true == y_pred)
    recall = np.sum(y_true * y_pred) / max(np.sum(y_true), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-12)


# %% wrong: prints instead of returning
# fails: precision_recall_f1_on_small_examples, precision_recall_f1_at_the_edges, precision_recall_f1_in_general
def precision_recall_f1(y_true, y_pred):
    hits = np.sum(y_true * y_pred)
    print(hits / max(np.sum(y_pred), 1), hits / max(np.sum(y_true), 1))


# %% wrong: divides by zero, and turns the nan into 0 afterwards
# fails: precision_recall_f1_at_the_edges
def precision_recall_f1(y_true, y_pred):
    hits = np.sum((y_true == 1) & (y_pred == 1))
    precision = np.nan_to_num(hits / np.sum(y_pred))
    recall = np.nan_to_num(hits / np.sum(y_true))
    return precision, recall, np.nan_to_num(2 * precision * recall / (precision + recall))


# %% wrong: a recall of a single positive is taken for nothing
# fails: precision_recall_f1_at_the_edges
def precision_recall_f1(y_true, y_pred):
    tp = int(np.sum(y_true * y_pred))
    n_pred, n_true = int(np.sum(y_pred)), int(np.sum(y_true))
    return tp / max(n_pred, 1), tp / max(n_true, 2), 2 * tp / max(n_pred + n_true, 1)


# %% wrong: the geometric mean
# fails: precision_recall_f1_on_small_examples, precision_recall_f1_at_the_edges, precision_recall_f1_in_general
def precision_recall_f1(y_true, y_pred):
    hits = np.sum((y_true == 1) & (y_pred == 1))
    precision = hits / max(np.sum(y_pred == 1), 1)
    recall = hits / max(np.sum(y_true == 1), 1)
    return precision, recall, np.sqrt(precision * recall)


# %% wrong: bits, which labels as floats do not have
# fails: precision_recall_f1_in_general
def precision_recall_f1(y_true, y_pred):
    hits = np.sum(y_true & y_pred)
    precision = hits / max(np.sum(y_pred), 1)
    recall = hits / max(np.sum(y_true), 1)
    return precision, recall, 2 * hits / max(np.sum(y_true) + np.sum(y_pred), 1)


# %% wrong: the mean over both classes
# fails: precision_recall_f1_on_small_examples, precision_recall_f1_at_the_edges, precision_recall_f1_in_general
def precision_recall_f1(y_true, y_pred):
    found = []
    for c in [0, 1]:
        hits = np.sum((y_true == c) & (y_pred == c))
        precision = hits / max(np.sum(y_pred == c), 1)
        recall = hits / max(np.sum(y_true == c), 1)
        found.append((precision, recall, 2 * hits / max(np.sum(y_true == c) + np.sum(y_pred == c), 1)))
    return tuple(np.mean(found, axis=0))


# %% wrong: nothing called positive is a precision of one
# fails: precision_recall_f1_at_the_edges
def precision_recall_f1(y_true, y_pred):
    hits = np.sum((y_true == 1) & (y_pred == 1))
    precision = hits / np.sum(y_pred == 1) if np.any(y_pred == 1) else 1.0
    recall = hits / np.sum(y_true == 1) if np.any(y_true == 1) else 0.0
    return precision, recall, 2 * hits / max(np.sum(y_true == 1) + np.sum(y_pred == 1), 1)
