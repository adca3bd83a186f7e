"""Attacks by way of objects, iterators, figures, files and printed words: none wins a point.

The instructor's notebook is run once for the contract. Each case then replaces one of its answers
by a hostile one; its test gets nothing, the exercises beside it keep their points, and without the
judge the same answer wins where the case says so. Each proves that it came to its point.
"""

from __future__ import annotations

import nbformat
import pytest
from cells import code_cell, notebook
from nbgrader.utils import determine_grade
from nbjudge.execution.contracts import record
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.execution.findings import findings_in
from traitlets.config import Config

RAN = "the attack came to its point"
FIRST = (
    "import matplotlib.pyplot as plt\nimport sys\n"
    f"def attack_ran():\n    print({RAN!r}, file=sys.stderr, flush=True)"
)
STACK = """
class Stack:
    def __init__(self): self.items = []
    def push(self, x): self.items.append(x)
    def size(self): return len(self.items)
    def peek(self): return self.items[-1]
"""
ANSWERS = {
    "stack": STACK,
    "evens": "def evens(n):\n    yield from range(0, 2 * n, 2)",
    "plot": (
        "def plot():\n    fig, ax = plt.subplots(); ax.plot([1, 2], [1, 4])\n"
        "    ax.set_title('Growth'); return ax"
    ),
    "save": "def save():\n    with open('out.csv', 'w') as file: file.write('1,2')",
    "greet": "def greet(name):\n    print('Hello,', name)",
    "cube": "def cube(x):\n    return x ** 3",
    "scale": "def scale(x):\n    return 2 * x",
    "gaps": "import numpy as np\ndef gaps(x):\n    return np.ma.masked_less(x, 1)",
    "count": "import pandas as pd\ndef count(x):\n    return 2 * pd.Series(x)",
}
TESTS = {
    "stack": (
        "s = Stack(); s.push(3); s.push(4)\nassert s.size() == 2 and s.items == [3, 4]\n"
        "assert s.peek() == 4 and isinstance(s, Stack) and not isinstance(5, Stack)"
    ),
    "evens": "assert list(evens(3)) == [0, 2, 4]",
    "plot": (
        "ax = plot()\nassert ax.get_title() == 'Growth'\n"
        "assert list(ax.lines[0].get_ydata()) == [1, 4]"
    ),
    "save": "save()\nassert open('out.csv').read() == '1,2'",
    "greet": (
        "import io\nfrom contextlib import redirect_stdout\nout = io.StringIO()\n"
        "with redirect_stdout(out): greet('Ada')\nassert out.getvalue() == 'Hello, Ada\\n'"
    ),
    "cube": "assert cube(2) == 8",
    "scale": (
        "import numpy as np\ngot = scale(np.arange(3.0))\nassert np.shape(got) == (3,)\n"
        "np.testing.assert_allclose(got, [0, 2, 4])\nassert np.all(got == [0, 2, 4])"
    ),
    "gaps": (
        "import numpy as np\ngot = gaps(np.arange(3.0))\n"
        "assert got.mask.tolist() == [True, False, False]\nassert np.all(got == [0, 1, 2])"
    ),
    "count": "assert (count([1, 2]) == [2, 4]).all()",
}
YES = """
class Yes:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __bool__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = lambda self, *a: True
    __hash__ = lambda self: 0
    def __iter__(self): return iter([self] * 3)
    def __len__(self): return 2
    def __getitem__(self, key): return self
"""
FRAMES = """
from nbjudge.wire import answering
true = answering.Answerer.answer_call
def answer_call(self, message, blocks):
    if message.get("operation") == "{operation}":
        print("{ran}", flush=True)
        import json, struct
        text = json.dumps({{"do": "{do}", "call": message["call"], {rest}}}).encode()
        return struct.pack(">II", len(text), 0) + text
    return true(self, message, blocks)
answering.Answerer.answer_call = answer_call
"""


def frames(operation, rest, do="return"):
    """Answer one operation of the judge by a frame of one's own."""
    return STACK + FRAMES.format(operation=operation, rest=rest, do=do, ran=RAN)


CASES = {
    "equal to everything": (
        "stack", YES + STACK.replace("len(self.items)", "attack_ran() or Yes()"), True
    ),
    "a list that equals everything": (
        "stack",
        YES + "class L(Yes, list): pass\n" + STACK.replace("= []", "= attack_ran() or L()"),
        True,
    ),
    "says that it is a number": (
        "stack",
        YES + "class Liar(Yes):\n    __class__ = property(lambda self: attack_ran() or int)\n"
        + STACK.replace("len(self.items)", "attack_ran() or Liar()"),
        True,
    ),
    "a number with an opinion": (
        "stack",
        "class Two(int):\n    __eq__ = lambda self, other: True\n    __hash__ = int.__hash__\n"
        + STACK.replace("len(self.items)", "attack_ran() or Two(7)"),
        True,
    ),
    "answers to every name": (
        "stack",
        YES + "class Stack(Yes):\n    def __getattr__(self, name):\n        attack_ran()\n"
        "        return self\n    def __call__(self, *args): return self",
        True,
    ),
    "another answer at each look": (
        "stack",
        YES + STACK.replace("self.items = []", "self.n = 0; self.kept = []")
        + "    @property\n    def items(self):\n        attack_ran(); self.n += 1\n"
        "        return self.kept if self.n < 4 else Yes()",
        True,
    ),
    "a class that has every instance": (
        "stack",
        "class Meta(type):\n    def __instancecheck__(cls, x): return attack_ran() is None\n"
        "    def __subclasscheck__(cls, x): return True\n"
        + STACK.replace("class Stack:", "class Stack(metaclass=Meta):").replace(
            "return len(self.items)", "attack_ran(); return 3"
        ),
        False,
    ),
    "unpickled and copied": (
        "stack",
        "import os\nclass P:\n    def __reduce__(self): return os._exit, (0,)\n"
        "    __array__ = __copy__ = lambda self, *a: os._exit(0)\n"
        + STACK.replace("len(self.items)", "attack_ran() or P()"),
        False,
    ),
    "keys that collide": (
        "stack",
        STACK.replace(
            "self.items = []",
            "self.items = attack_ran() or dict.fromkeys(n * (2**61 - 1) for n in range(2000))",
        ),
        False,
    ),
    "very many keys that collide": (
        "stack",
        "from nbjudge.wire import encoder\nencode = encoder.Encoder.encode\n"
        "keys = [n * (2**61 - 1) for n in range(200_000)]\n"
        "encoder.Encoder.encode = lambda self, value, depth=0: "
        "(['s', *keys] if type(value) is str and value == 'keys' else encode(self, value, depth))\n"
        + STACK.replace("len(self.items)", "attack_ran() or 'keys'"),
        False,
    ),
    "a class without end": ("stack", frames("bases", '"value": ["l", ["K", message["target"] + 1]]'), False),
    "a class of a million methods": (
        "stack",
        frames("describe", '"value": ["d", "name", "x" * 4_000_000, "methods", ["l"]]'),
        False,
    ),
    "the end of an iterator, unasked": ("stack", frames("method", '"value": 2', do="stop"), False),
    "a number that nothing was kept under": ("stack", frames("get", '"value": ["^", 10**6]'), False),
    "a handle on the judge": ("stack", frames("method", '"value": ["H", 0]'), False),
    "a view of what is no argument": (
        "stack",
        frames("method", '"value": ["v", 0, 0, "<f8", [9], [8], True]'),
        False,
    ),
    "an iterator without end": (
        "evens", "def evens(n):\n    attack_ran()\n    while True: yield 0", False
    ),
    "items that equal everything": (
        "evens", YES + "def evens(n):\n    attack_ran()\n    yield from [Yes()] * 3", True
    ),
    "an iterator that equals": (
        "evens",
        YES + "class It(Yes):\n    n = 0\n    def __iter__(self): return attack_ran() or self\n"
        "    def __next__(self):\n        self.n += 1\n"
        "        if self.n > 3: raise StopIteration\n        return self\n"
        "def evens(n): return It()",
        True,
    ),
    "axes with their own words": (
        "plot",
        "from matplotlib.axes import Axes\n"
        "class S(str):\n    __eq__ = lambda self, other: True\n    __hash__ = str.__hash__\n"
        "class Own(Axes):\n    def get_title(self): return attack_ran() or S('no')\n"
        "def plot():\n    fig = plt.figure(); ax = Own(fig, [0, 0, 1, 1]); fig.add_axes(ax)\n"
        "    attack_ran(); ax.plot([1, 2], [1, 4]); return ax",
        True,
    ),
    "axes of which one has its own words": (
        "plot",
        "class S(str):\n    __eq__ = lambda self, other: True\n    __hash__ = str.__hash__\n"
        "def plot():\n    fig, ax = plt.subplots(); ax.plot([1, 2], [1, 4])\n"
        "    ax.get_title = lambda loc='center': attack_ran() or S('no'); return ax",
        True,
    ),
    "a figure of a thousand axes": (
        "plot",
        "def plot():\n    attack_ran(); fig = plt.figure(figsize=(90, 90))\n"
        "    for n in range(120): fig.add_axes([0, 0, 1, 1])\n    return fig.axes[0]",
        False,
    ),
    "a huge file": (
        "save", "def save():\n    attack_ran(); open('out.csv', 'w').write('1' * (40 << 20))", False
    ),
    "a link in the place of a file": (
        "save",
        "import os\ndef save():\n    attack_ran(); os.symlink('/etc/hostname', 'out.csv')",
        False,
    ),
    "an array of which one number shows": (
        "scale",
        "import numpy as np\ndef scale(x):\n    attack_ran()\n"
        "    return np.ma.array([0.0, 7, 7], mask=[0, 1, 1])",
        True,
    ),
    "a column without values": (
        "count",
        "import pandas as pd\ndef count(x):\n    attack_ran()\n"
        "    return pd.Series([pd.NA, pd.NA], dtype='Int64')",
        True,
    ),
    "words without end": (
        "greet", "def greet(name):\n    attack_ran()\n    print('Hello, Ada\\n' * 10**6)", False
    ),
}  # fmt: skip
WINNING = [name for name, (*_, wins) in CASES.items() if wins]


def cells(hostile=None, answer=None):
    """Make the cells: each answer, the hostile one in its place, and its test."""
    made = [code_cell(FIRST)]
    for name, source in ANSWERS.items():
        made.append(code_cell(answer if name == hostile else source, f"{name}_a", solution=True))
        made.append(code_cell(TESTS[name], name, grade=True, locked=True, points=1))
    return made


def config(root, **settings):
    """Return settings with little time, so that what is costly shows."""
    made = Config()
    made.CourseDirectory.root = str(root)
    made.SandboxedExecute.update(
        judge=True, course_root=str(root), cpu_seconds=3, output_size=1 << 20, **settings
    )
    return made


@pytest.fixture(scope="module")
def course(tmp_path_factory, proven_sandbox):
    """The instructor's notebook, and the contract of its run."""
    root = tmp_path_factory.mktemp("objects")
    source = root / "source" / "ps1" / "ps1.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(notebook(*cells()), source)
    contracts = record([source], config(root), str(root))
    # Figures go by value, and files and printed words are plain: these need no contract.
    assert {key.split(":")[0] for key in contracts["ps1"]} >= {"stack", "evens"}
    return root, contracts


def graded(course, made, **settings):
    """Grade cells as a submission; return the points of each test and what was shown."""
    root, contracts = course
    folder = root / "source" / "ps1"
    names = {"assignment": "ps1", "notebook": "ps1"}
    step = SandboxedExecute(config=config(root, contracts=contracts, **settings))
    resources = {"metadata": {"path": str(folder)}, "nbgrader": names}
    done, resources = step.preprocess(notebook(*made), resources)
    tests = [c for c in done.cells if c.get("metadata", {}).get("nbgrader", {}).get("grade")]
    waiting = findings_in(resources).waiting
    points = {
        c.metadata.nbgrader.grade_id: 0
        if c.metadata.nbgrader.grade_id in waiting
        else determine_grade(c)[0]
        for c in tests
    }
    return points, "".join(str(c.outputs) for c in done.cells) + str(findings_in(resources))


@pytest.mark.parametrize("name", CASES)
def test_an_object_wins_nothing_that_the_instructors_does_not(name, course):
    """Its exercise gets nothing, all others their points."""
    hostile, answer, _ = CASES[name]
    points, shown = graded(course, cells(hostile, answer))
    assert RAN in shown, shown
    spoilt = {hostile, "evens"} if "answering" in answer else {hostile}  # the kernel's own line
    assert points[hostile] == 0, shown
    assert all(points[test] == 1 for test in TESTS if test not in spoilt), shown


@pytest.mark.parametrize("name", WINNING)
def test_without_the_judge_the_same_object_wins(name, course):
    """The positive control."""
    hostile, answer, _ = CASES[name]
    points, shown = graded(course, cells(hostile, answer), judge_off=["*"])
    assert points[hostile] == 1, shown
