"""How fast the library is beside scipy: `python -m benchmarks.library` from the project's root.

Both sides of a line do the same work on the same million elements, in turns, in this one process;
the times are medians. The aim is a ratio of at most 1.5.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from scipy import special

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.results import machine, table, write_section
from solutions import cross_entropy, sigmoid, softmax

AIM = 1.5


def cases(n_rows=100_000, n_classes=10):
    """Pair each function of the library with what a user of scipy would write instead."""
    rng = np.random.default_rng(0)
    a = rng.normal(scale=5, size=n_rows * n_classes)
    y = rng.integers(0, 2, size=a.size)
    logits = a.reshape(n_rows, n_classes)
    labels = rng.integers(0, n_classes, size=n_rows)
    rows = np.arange(n_rows)
    p = special.softmax(logits, axis=-1)
    q = rng.dirichlet(np.ones(n_classes), size=n_rows)
    return {
        "sigmoid": (
            lambda: sigmoid.sigmoid(a),
            lambda: special.expit(a),
        ),
        "log_sigmoid": (
            lambda: sigmoid.log_sigmoid(a),
            lambda: special.log_expit(a),
        ),
        "softmax": (
            lambda: softmax.softmax(logits),
            lambda: special.softmax(logits, axis=-1),
        ),
        "log_softmax": (
            lambda: softmax.log_softmax(logits),
            lambda: special.log_softmax(logits, axis=-1),
        ),
        "entropy": (
            lambda: cross_entropy.entropy(p),
            lambda: special.entr(p).sum(axis=-1),
        ),
        "cross_entropy": (
            lambda: cross_entropy.cross_entropy(q, p),
            lambda: -special.xlogy(q, p).sum(axis=-1),
        ),
        "kl_divergence": (
            lambda: cross_entropy.kl_divergence(q, p),
            lambda: special.rel_entr(q, p).sum(axis=-1),
        ),
        "nll_from_logits": (
            lambda: cross_entropy.nll_from_logits(logits, labels),
            lambda: special.logsumexp(logits, axis=-1) - logits[rows, labels],
        ),
        "binary_cross_entropy_from_logits": (
            lambda: cross_entropy.binary_cross_entropy_from_logits(a, y),
            lambda: -special.log_expit(np.where(y, a, -a)),
        ),
    }


def milliseconds(function):
    """Time one call."""
    start = time.perf_counter()
    function()
    return 1000 * (time.perf_counter() - start)


def compare(ours, scipys, repeats):
    """Give the median times of both, measured in turns so that a busy machine slows both."""
    times = [(milliseconds(ours), milliseconds(scipys)) for _ in range(repeats + 1)]
    return [statistics.median(column) for column in zip(*times[1:], strict=True)]


def main():
    """Write the section and print it, and fail when a line misses the aim."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=15, help="calls that a median is taken of")
    parser.add_argument("--print", action="store_true", help="write no file")
    options = parser.parse_args()
    rows, slow = [], []
    for name, (ours, scipys) in cases().items():
        np.testing.assert_allclose(ours(), scipys(), rtol=1e-9, atol=1e-12)
        our_time, scipy_time = compare(ours, scipys, options.repeats)
        ratio = our_time / scipy_time
        rows.append([f"`{name}`", f"{our_time:.2f}", f"{scipy_time:.2f}", f"{ratio:.2f}"])
        if ratio > AIM:
            slow.append(name)
    text = (
        f"On {machine('numpy', 'scipy')}.\n\nA million elements, median of {options.repeats} "
        f"calls of each, in turns; the aim is a ratio of at most {AIM}.\n\n"
        f"{table(['', 'library, ms', 'scipy, ms', 'ratio'], rows)}\n\n"
        f"Slower than {AIM} times scipy: {', '.join(slow) or 'none'}."
    )
    print(text)
    if not options.print:
        write_section("The reference library beside scipy", text)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
