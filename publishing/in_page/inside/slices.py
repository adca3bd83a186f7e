"""What a cell needs of the cells before it: a backward slice of a notebook.

A name that a cell uses is looked for in the cells before it, statement by statement from the last
to the first; what such a statement uses is needed, too. So an exercise brings the imports, the
earlier answers and the data that it uses with it, and no others: neither the figures of a chapter
nor matplotlib.
"""

import ast

SURE = (ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
"""Statements after which nothing is left of what their names meant before."""


class _Names(ast.NodeVisitor):
    """Collects the names outside of it that a piece of code uses, and those that it binds.

    Names that are used inside functions count for `later`: they are looked up when the function is
    called.
    """

    def __init__(self, *nodes):
        self.used, self.later, self.bound, self._outside = set(), set(), set(), set()
        for node in nodes:
            self.visit(node)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            self.used.add(node.id)
        elif isinstance(node.ctx, ast.Store):
            self.bound.add(node.id)

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            self.used.add(node.target.id)

    def visit_arg(self, node):
        self.bound.add(node.arg)

    def visit_Global(self, node):
        self._outside |= set(node.names)

    visit_Nonlocal = visit_Global

    def _inner(self, *nodes):
        """Return the names that a scope of its own takes from outside."""
        names = _Names(*nodes)
        return (names.used | names.later) - (names.bound - names._outside)

    def visit_FunctionDef(self, node):
        self.bound.add(node.name)
        defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        for child in [*node.decorator_list, *defaults]:
            self.visit(child)
        self.later |= self._inner(node.args, *node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self.later |= self._inner(node.args, node.body)

    def visit_ListComp(self, node):
        self.used |= self._inner(*ast.iter_child_nodes(node))

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def visit_ClassDef(self, node):
        self.bound.add(node.name)
        for child in [*node.decorator_list, *node.bases, *node.keywords]:
            self.visit(child)
        inner = _Names(*node.body)
        self.used |= inner.used - inner.bound
        self.later |= inner.later

    def visit_Import(self, node):
        self.bound |= _imported(node)

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node):
        self.generic_visit(node)
        self.bound |= {node.name} - {None}


def _imported(node):
    return {(alias.asname or alias.name).split(".")[0] for alias in node.names}


def _root(node):
    """Return the name that a chain like ``plt.rcParams["a"]`` begins with, and its length."""
    length = 0
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        length += not isinstance(node, ast.Call)
        node = node.func if isinstance(node, ast.Call) else node.value
    return (node.id, length) if isinstance(node, ast.Name) else (None, 0)


def _changed(statement, modules):
    """Return the names whose values a statement may change in place.

    ``plt.rcParams.update(...)`` changes what the module ``plt`` holds; ``plt.plot(...)`` draws.
    """
    found = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Delete):
            targets = node.targets if hasattr(node, "targets") else [node.target]
            found |= {_root(target)[0] for target in targets if not isinstance(target, ast.Name)}
        if not isinstance(node, ast.Assign | ast.Expr) or not isinstance(node.value, ast.Call):
            continue
        name, length = _root(node.value.func)
        if name in modules:
            if isinstance(node, ast.Expr) and length > 1:
                found.add(name)
        elif length:
            found.add(name)
        elif isinstance(node, ast.Expr) and name != "print":
            found |= {value.id for value in node.value.args if isinstance(value, ast.Name)}
    return found - {None}


def names_in(tree):
    """Return every name that a piece of code uses, now or when its functions are called."""
    names = _Names(tree)
    return names.used | names.later


def needed(before, target):
    """Choose the statements that some code needs of the cells before it.

    Parameters
    ----------
    before : list of list of ast.stmt
        The statements of the cells before it, in order.
    target : set of str
        The names that the code uses.

    Returns
    -------
    list of list of bool
        Which statements are needed, in the shape of `before`.
    """
    names = [[_Names(statement) for statement in cell] for cell in before]
    imports = (ast.Import, ast.ImportFrom)
    modules = set().union(
        *(_imported(one) for cell in before for one in cell if isinstance(one, imports))
    )
    changed = [[_changed(statement, modules) for statement in cell] for cell in before]
    always = set(target)
    while True:
        chosen, later = [[False] * len(cell) for cell in before], set()
        wanted = set(always)
        for cell in reversed(range(len(before))):
            for place in reversed(range(len(before[cell]))):
                statement, found = before[cell][place], names[cell][place]
                is_star = isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*"
                if not is_star and not (found.bound | changed[cell][place]) & wanted:
                    continue
                chosen[cell][place] = True
                if isinstance(statement, SURE):
                    wanted -= found.bound
                wanted |= found.used
                later |= found.later
        if later <= always:
            return chosen
        always |= later
