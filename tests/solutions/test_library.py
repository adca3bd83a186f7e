"""What holds for the library as a whole: its docstrings, its imports, and its manners."""

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_equal
from numpydoc.validate import validate

import solutions

ROOT = Path(solutions.__file__).resolve().parents[1]
FUNCTIONS = [
    (chapter, name) for chapter in solutions.__all__ for name in getattr(solutions, chapter).__all__
]

X = [[1.0, 0.5], [1.0, -1.5], [1.0, 2.0]]
Y, P, SCORES = [1, 0, 1], [0.25, 0.75], [0.1, -0.4, 0.7]
P3 = [0.0, -0.5, 1.0]
W1, W2 = [0.5, -0.25], [[0.5, 0.0], [-0.25, 1.0]]


def square(w):
    return float(np.sum(np.square(w)))


def slope(w):
    return 2 * np.asarray(w)


# One call of each function, with lists wherever an array may stand.
CALLS = {
    "margin": (X, Y, W1),
    "perceptron_update": (X[0], 0, W1),
    "predict": (X, W1),
    "projection": (X, W1),
    "train_perceptron": (X, Y, W1, 3),
    "train_pocket": (X, Y, W1, 3),
    "zero_one_loss": (X, Y, W1),
    "fit_logistic": (X, Y, 0.1),
    "fit_softmax": (X, Y, 2),
    "read_table": ("a,b\n1,2\n",),
    "shuffle_and_split": (X, Y, 0),
    "standard_errors": (X, W1),
    "standardise": (X, X),
    "gradient_step": (X, SCORES, W1, 0.1, 0.5),
    "lasso": (X, SCORES, 0.1, 20),
    "least_squares": (X, SCORES),
    "mean_absolute_error": (SCORES, P3),
    "mean_squared_error": (SCORES, P3),
    "polynomial_features": (SCORES, 2),
    "ridge": (X, SCORES, [0.0, 0.5]),
    "bernoulli_pmf": (Y, 0.25),
    "coin_mle": (Y,),
    "coin_mle_by_gradient": (Y,),
    "likelihood_interval": (Y,),
    "log_likelihood": (Y, P),
    "score": (Y, P),
    "log_sigmoid": (SCORES,),
    "logit": (P,),
    "predict_proba": (X, W1),
    "sigmoid": (SCORES,),
    "sigmoid_derivative": (SCORES,),
    "squared_error": (X, Y, W1),
    "squared_error_gradient": (X, Y, W1),
    "log_softmax": (X,),
    "multiclass_logits": (X, W2),
    "one_hot": (Y, 2),
    "predict_class": (X, W2),
    "sigmoid_per_class": (X, W2),
    "softmax": (X,),
    "binary_cross_entropy_from_logits": (SCORES, Y),
    "binary_cross_entropy_gradient": (X, SCORES, Y),
    "cross_entropy": (P, [0.5, 0.5]),
    "entropy": (P,),
    "kl_divergence": (P, [0.5, 0.5]),
    "nll_from_logits": (X, Y),
    "adaptive_gradient_descent": (square, slope, W1),
    "gradient_descent": (slope, W1),
    "logistic_gradient": (X, Y, W1, 0.1),
    "logistic_loss": (X, Y, W1, 0.1),
    "minibatches": (5, 2, 0),
    "numerical_gradient": (square, W1),
    "random_start": (3, 0),
    "sgd": (X, Y, W1, [[0, 1], [2]]),
    "softmax_gradient": (X, Y, W2, 0.1),
    "softmax_loss": (X, Y, W2, 0.1),
    "accuracy": (Y, [1, 1, 1]),
    "auc": ([0.0, 0.5, 1.0], [0.0, 1.0, 1.0]),
    "baseline_accuracy": (Y,),
    "confusion_matrix": (Y, [1, 1, 1], 2),
    "k_fold": (5, 2, 0),
    "precision_recall_curve": (Y, SCORES),
    "precision_recall_f1": (Y, [1, 1, 1]),
    "roc_curve": (Y, SCORES),
    "train_test_split": (5, 0.4, 0),
}


def arrays_for(arguments):
    """Make arrays of the lists that hold numbers, and leave everything else."""
    ragged = [[0, 1], [2]]
    return [np.array(a) if isinstance(a, list) and a != ragged else a for a in arguments]


@pytest.mark.parametrize(("chapter", "name"), FUNCTIONS)
def test_docstrings_are_valid_numpydoc(chapter, name):
    """No check is left out."""
    assert validate(f"solutions.{chapter}.{name}")["errors"] == []


@pytest.mark.parametrize(("chapter", "name"), FUNCTIONS)
def test_docstrings_name_a_source_and_what_is_raised(chapter, name):
    """The source is an equation such as A (17) or D 2, or something of B's or C's."""
    text = inspect.getdoc(getattr(getattr(solutions, chapter), name))
    assert re.search(r"\b[A-D](?:'s\b| \(\d+\)| \d\b)", text)
    assert re.search(r"\nRaises\n------\n(?:OSError\n.*\n)?ValueError\n", text)


@pytest.mark.parametrize("chapter", solutions.__all__)
def test_every_function_without_an_underscore_is_public(chapter):
    module = getattr(solutions, chapter)
    functions = inspect.getmembers(module, inspect.isfunction)
    own = {name for name, function in functions if function.__module__ == module.__name__}
    assert {name for name in own if not name.startswith("_")} <= set(module.__all__)


def test_every_function_has_a_call_below():
    in_a_file = {"read_magazine", "read_predictions"}
    assert {name for _, name in FUNCTIONS} == set(CALLS) | in_a_file


@pytest.mark.parametrize(("chapter", "name"), [f for f in FUNCTIONS if f[1] in CALLS])
def test_lists_are_as_good_as_arrays_and_no_argument_is_changed(chapter, name):
    function = getattr(getattr(solutions, chapter), name)
    from_lists = function(*CALLS[name])
    arguments = arrays_for(CALLS[name])
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            argument.flags.writeable = False  # a write would raise
    assert_equal(function(*arguments), from_lists)


@pytest.mark.parametrize(("chapter", "name"), [f for f in FUNCTIONS if f[1] in CALLS])
def test_the_answer_shares_no_memory_with_an_argument(chapter, name):
    arguments = arrays_for(CALLS[name])
    answer = getattr(getattr(solutions, chapter), name)(*arguments)
    parts = answer if isinstance(answer, tuple | list) else [answer]
    given = [a for a in arguments if isinstance(a, np.ndarray)]
    flat = [p for part in parts for p in (part if isinstance(part, tuple) else [part])]
    assert not any(np.shares_memory(p, a) for p in flat for a in given)


def test_the_library_needs_numpy_alone():
    code = (
        "import sys, solutions; from importlib.metadata import packages_distributions as owners;"
        "own = owners(); tops = {name.partition('.')[0] for name in sys.modules};"
        "print(sorted({d for top in tops for d in own.get(top, ())}))"
    )
    command = [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"]
    result = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert set(ast.literal_eval(result.stdout)) - {"linear-classification"} == {"numpy"}
