"""Mutation of answers: what do the exercises' tests let pass?

``make mutants`` changes each right answer in one place at a time (an operator, a constant, an
axis, a statement left out) and gives it careless habits (rounding, a result in the type of the
argument, an argument changed). Each mutant runs against the test cells of its exercise, here in
this process: no student's code is among them. A mutant that passes every test is either equal to
the right answer, and then it stands in ``kept/`` with the reason, or the tests lack something.

Tools for whole programs (mutmut, cosmic-ray) change a package in place. Here the package under
test is also the reference that hidden tests compare with, the tests are cells of notebooks, and
most answers are cells of a bank, so that only the list of operators would have been theirs.
"""
