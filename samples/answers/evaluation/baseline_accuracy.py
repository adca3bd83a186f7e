# %% right: counts of the distinct labels
def baseline_accuracy(y_true):
    labels, counts = np.unique(y_true, return_counts=True)
    return counts.max() / counts.sum()


# %% right: a dictionary of counts
def baseline_accuracy(y_true):
    counts = {}
    for label in y_true:
        counts[label] = counts.get(label, 0) + 1
    return max(counts.values()) / len(y_true)


# %% right: the share of each class in turn
def baseline_accuracy(y_true):
    y_true = np.array(y_true)
    return max(np.mean(y_true == c) for c in set(y_true.tolist()))


# %% wrong: the larger share of 0 and 1 only
# fails: baseline_accuracy_on_small_examples, baseline_accuracy_in_general
def baseline_accuracy(y_true):
    share = np.mean(y_true)
    return max(share, 1 - share)


# %% wrong: counts by position, which negative labels do not allow
# fails: baseline_accuracy_in_general
def baseline_accuracy(y_true):
    return np.bincount(y_true).max() / len(y_true)


# %% wrong: the most frequent class, not its share
# fails: baseline_accuracy_on_small_examples, baseline_accuracy_in_general
def baseline_accuracy(y_true):
    labels, counts = np.unique(y_true, return_counts=True)
    return labels[np.argmax(counts)]


# %% wrong: one over the number of classes
# fails: baseline_accuracy_on_small_examples, baseline_accuracy_in_general
def baseline_accuracy(y_true):
    return 1 / len(np.unique(y_true))


# %% wrong: the share of the largest label
# fails: baseline_accuracy_on_small_examples, baseline_accuracy_in_general
def baseline_accuracy(y_true):
    return np.mean(np.asarray(y_true) == np.max(y_true))


# %% wrong: a count, not a share
# fails: baseline_accuracy_on_small_examples, baseline_accuracy_in_general
def baseline_accuracy(y_true):
    return int(np.unique(y_true, return_counts=True)[1].max())


# %% wrong: sorts the caller's labels
# fails: baseline_accuracy_in_general
def baseline_accuracy(y_true):
    y_true.sort()
    longest, run = 1, 1
    for before, after in zip(y_true, y_true[1:]):
        run = run + 1 if before == after else 1
        longest = max(longest, run)
    return longest / len(y_true)


# %% wrong: a list of one number
# fails: baseline_accuracy_in_general
def baseline_accuracy(y_true):
    return [np.unique(y_true, return_counts=True)[1].max() / len(y_true)]


# %% wrong: counts by position from the smallest label on, in bytes
# fails: baseline_accuracy_in_general
def baseline_accuracy(y_true):
    labels = np.asarray(y_true)
    return np.bincount((labels - labels.min()).astype(np.uint8)).max() / len(labels)


# %% wrong: the middle label taken for the most frequent one
# fails: baseline_accuracy_in_general
def baseline_accuracy(y_true):
    labels = np.sort(y_true)
    return np.mean(labels == labels[len(labels) // 2])


# %% wrong: runs of labels that are not sorted
# fails: baseline_accuracy_on_small_examples, baseline_accuracy_in_general
def baseline_accuracy(y_true):
    from itertools import groupby

    return max(len(list(run)) for _, run in groupby(list(y_true))) / len(y_true)


# %% wrong: minus one and one are one class
# fails: baseline_accuracy_in_general
def baseline_accuracy(y_true):
    return np.max(np.bincount(np.abs(y_true))) / len(y_true)


# %% wrong: the share of the first label
# fails: baseline_accuracy_on_small_examples, baseline_accuracy_in_general
def baseline_accuracy(y_true):
    return float(np.mean(np.asarray(y_true) == y_true[0]))


# %% wrong: labels counted in single precision
# fails: baseline_accuracy_in_general
def baseline_accuracy(y_true):
    return np.unique(np.asarray(y_true, dtype=np.float32), return_counts=True)[1].max() / len(y_true)
