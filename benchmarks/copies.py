"""Classes with planted copies, made from the banks of answers, for the measure of similarity.

A copy is another student's whole notebook, disguised in one way: names changed, statements in
another order, comments changed, literals changed, or functions split.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from samples.answers import Answer, read_banks

NAMES = ("value", "data", "tmp", "result", "item", "thing", "total", "foo", "first", "res", "arr")


def rename(source: str, rng: Random) -> str:
    """Give every name that the answer binds another, but for what the stub gives.

    That is the functions that are asked for, and the names of their arguments; so are those that
    the answer itself passes by name.
    """
    tree = ast.parse(source)
    bound = {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    bound |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    asked = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    bound -= {n.arg for node in asked for n in ast.walk(node.args) if isinstance(n, ast.arg)}
    bound -= {str(n.arg) for n in ast.walk(tree) if isinstance(n, ast.keyword)}
    fresh = (f"{rng.choice(NAMES)}{n}" for n in itertools.count(1))
    names = {name: next(fresh) for name in sorted(bound)}

    class Renamer(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            node.id = names.get(node.id, node.id)
            return node

        def visit_arg(self, node: ast.arg) -> ast.AST:
            node.arg = names.get(node.arg, node.arg)
            return node

    return ast.unparse(Renamer().visit(tree))


def _loads(node: ast.AST, kind: type) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, kind)}


def reorder(source: str, rng: Random) -> str:
    """Swap neighbouring statements where neither needs the other, and operands of + and *."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            for i in range(len(body) - 1):
                one, two = body[i], body[i + 1]
                simple = all(isinstance(s, (ast.Assign, ast.AugAssign)) for s in (one, two))
                writes = [_loads(s, ast.Store) for s in (one, two)]
                reads = [_loads(s, ast.Load) for s in (one, two)]
                if simple and not (
                    writes[0] & (reads[1] | writes[1]) or writes[1] & (reads[0] | writes[0])
                ):
                    body[i], body[i + 1] = two, one
        sum_or_product = isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mult))
        if sum_or_product and rng.random() < 0.5:
            node.left, node.right = node.right, node.left
        if (
            isinstance(node, ast.FunctionDef)
            and node.body
            and isinstance(node.body[-1], ast.Return)
        ):
            value = node.body[-1].value
            if value is not None and rng.random() < 0.5:  # a name for what is returned
                name = ast.Assign([ast.Name("answer", ast.Store())], value, lineno=0)
                node.body[-1:] = [name, ast.Return(ast.Name("answer", ast.Load()))]
    return ast.unparse(ast.fix_missing_locations(tree))


def comment(source: str, rng: Random) -> str:
    """Take all comments and docstrings out and write others."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    lines = []
    for line in ast.unparse(tree).splitlines():
        if rng.random() < 0.4:
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(f"{indent}# {rng.choice(['now this', 'as in the lecture', 'step'])}")
        lines.append(line)
    return "\n".join(lines)


def literals(source: str, rng: Random) -> str:
    """Write numbers and texts otherwise."""
    tree = ast.parse(source)

    class Changer(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.AST:
            if isinstance(node.value, bool) or node.value is None:
                return node
            if isinstance(node.value, int):
                return ast.Constant(rng.choice([float(node.value), node.value + 1]))
            if isinstance(node.value, float):
                return ast.Constant(node.value * 2)
            if isinstance(node.value, str):
                return ast.Constant(f"{node.value}!")
            return node

    return ast.unparse(ast.fix_missing_locations(Changer().visit(tree)))


def split(source: str, rng: Random) -> str:
    """Put what a function returns, or its second half, into a function of its own."""
    tree = ast.parse(source)
    made: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Return):
            half = max(len(node.body) // 2, min(1, len(node.body) - 1))
            tail = node.body[half:]
            needed = set().union(*(_loads(s, ast.Load) for s in tail))
            known = {a.arg for a in node.args.args}
            known |= set().union(set(), *(_loads(s, ast.Store) for s in node.body[:half]))
            names = sorted(needed & known)
            helper = f"helper_{rng.randrange(100)}"
            arguments = ast.arguments([], [ast.arg(n) for n in names], None, [], [], None, [])
            made.append(ast.FunctionDef(helper, arguments, tail, [], lineno=0, type_params=[]))
            call = ast.Call(
                ast.Name(helper, ast.Load()), [ast.Name(n, ast.Load()) for n in names], []
            )
            node.body = [*node.body[:half], ast.Return(call)]
        made.append(node)
    tree.body = made
    return ast.unparse(ast.fix_missing_locations(tree))


DISGUISES: dict[str, Callable[[str, Random], str]] = {
    "renamed variables": rename,
    "reordered statements": reorder,
    "changed comments": comment,
    "changed literals": literals,
    "split functions": split,
}


@dataclass
class PlantedClass:
    """A class with planted copies.

    Attributes
    ----------
    answers : dict of str to dict of str to str
        The answer to each exercise, by student; one left out is blank.
    right : dict of str to dict of str to bool
        Whether it is right.
    planted : dict of frozenset of str to str
        The pairs that copied, and how.
    chosen : dict of str to dict of str to Answer
        What honest students took from the banks.
    """

    answers: dict[str, dict[str, str]]
    right: dict[str, dict[str, bool]]
    planted: dict[frozenset[str], str]
    chosen: dict[str, dict[str, Answer]]


def plant(chapter: str, count: int = 200, copies: int = 10, seed: int = 0) -> PlantedClass:
    """Make a class.

    Parameters
    ----------
    chapter : str
        Whose banks of answers.
    count : int
        The students, copiers included.
    copies : int
        The pairs that copy, each disguise as often as the others.
    seed : int
        For what is drawn.
    """
    rng = Random(seed)
    banks = {e: [a for a in bank if _parses(a)] for e, bank in read_banks(chapter).items()}
    names = [f"student{n:03}" for n in range(count)]
    rng.shuffle(names)
    honest = names[copies:]
    found = PlantedClass({}, {}, {}, {})
    for student in honest:
        ability = min(0.95, max(0.1, rng.gauss(0.65, 0.2)))
        found.answers[student], found.right[student] = {}, {}
        found.chosen[student] = {}
        for exercise, bank in banks.items():
            if rng.random() < 0.06:
                continue
            right = rng.random() < ability
            answer = rng.choice([a for a in bank if a.is_right == right])
            found.answers[student][exercise] = _own_hand(answer.source, rng)
            found.right[student][exercise] = right
            found.chosen[student][exercise] = answer
    sources = rng.sample(honest, copies)
    for n, (copier, source) in enumerate(zip(names[:copies], sources, strict=True)):
        how = list(DISGUISES)[n % len(DISGUISES)]
        found.answers[copier] = {
            exercise: DISGUISES[how](answer, rng)
            for exercise, answer in found.answers[source].items()
        }
        found.right[copier] = dict(found.right[source])
        found.planted[frozenset((copier, source))] = how
    return found


def _parses(answer: Answer) -> bool:
    try:
        ast.parse(answer.source)
    except SyntaxError:
        return False
    return True


def _own_hand(source: str, rng: Random) -> str:
    """Write an answer of the bank as one of many would: own names, or own comments, or as it is."""
    draw = rng.random()
    if draw < 0.35:
        return rename(source, rng)
    if draw < 0.55:
        return comment(source, rng)
    return source
