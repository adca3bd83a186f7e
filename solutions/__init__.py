"""The reference solutions of the course: one module a chapter, pure functions on numpy arrays.

Equations are named by document and number, as in "A (17)":

A
    L. Aitchison, EMAT31530, part 3: Linear classification.
B
    CS 615 Deep learning, slides: Artificial neurons.
C
    G. Colavizza, Introduction to machine learning, 2021.
D
    Series 8: Neural networks, 2017.

One notation holds throughout: features `X` of shape (N, D), one row an observation, a column of
ones first where there is a bias; weights `w` (D,) or `W` (D, C); logits `a` (N,) or (N, C); targets
`y` in {0, 1} or {0..C-1}, or numbers in the chapter on regression; probabilities `p`. Losses are
minimised, and the loss over a data set is the mean over its observations unless a function says
otherwise.

Conventions: lists are accepted wherever arrays are, arguments are never changed, computations are
in float64, an answer that is one number is a `float`. No finite input makes a floating-point
warning, the limits at infinity are exact, and nan stays nan. What has no meaning raises
`ValueError` and names the values that do not fit.

Hidden tests compare a student's result with the right one by `agree`; `agree_always` does so at
several calls and looks what they do to arguments and results, for arrays of all `kinds`.
"""

from solutions import (
    case_study,
    coin_mle,
    cross_entropy,
    evaluation,
    gradient_descent,
    linear_regression,
    perceptron,
    sigmoid,
    softmax,
)
from solutions._agreement import agree as agree  # for hidden tests; not a chapter
from solutions._calls import agree_always as agree_always
from solutions._calls import kinds as kinds

__all__ = [
    "case_study",
    "coin_mle",
    "cross_entropy",
    "evaluation",
    "gradient_descent",
    "linear_regression",
    "perceptron",
    "sigmoid",
    "softmax",
]
