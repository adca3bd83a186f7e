"""The Python of the page: it keeps to its contract, and its numbers are those of this machine."""

from __future__ import annotations

import contextlib
import io
import json

import numpy as np
import pytest
from courses import ROOT
from desk import PagesPython
from integer_cases import ANSWERS, EXPRESSIONS
from native_runs import native_verdicts

pytestmark = pytest.mark.xdist_group("in_page")

CONTRACT = ROOT / "publishing" / "in_page" / "scripts" / "tests" / "contract.js"
CHAPTER = "sigmoid"


def test_the_real_python_keeps_to_the_contract_of_the_test_double(sites, plain_reader):
    """The same program that Node runs on the double: start, run, stop, events."""
    plain_reader.page.goto(sites["student"].chapter(CHAPTER))
    PagesPython(plain_reader.page)
    found = plain_reader.page.evaluate(
        """async (contract) => {
            const { broken } = await import(`data:text/javascript,${encodeURIComponent(contract)}`);
            return broken(window.testedBench.python);
        }""",
        CONTRACT.read_text(encoding="utf-8"),
    )
    assert found == []


NUMBERS = """import json
import math
x = np.linspace(-9.5, 9.5, 77)
p = np.abs(x) + 0.01
found = {}
for name in "exp expm1 sin cos tan arctan sinh cosh tanh arcsinh cbrt exp2 floor rint".split():
    found[name] = getattr(np, name)(x).tolist()
for name in "log log1p log2 log10 sqrt reciprocal".split():
    found[name] = getattr(np, name)(p).tolist()
for name in "erf erfc gamma lgamma".split():
    found[f"math.{name}"] = [getattr(math, name)(v) for v in p]
found["power"] = [(p**k).tolist() for k in (2, 0.5, -1.5, 3)] + [v**2.5 for v in p.tolist()]
found["logaddexp"] = np.logaddexp(x, x[::-1]).tolist()
A = np.cos(np.outer(p, x))[:9, :9] + 3 * np.eye(9)
found["linalg"] = [np.linalg.inv(A).tolist(), np.linalg.eigvalsh(A + A.T).tolist()]
found["linalg"] += [np.linalg.svd(A)[1].tolist(), np.linalg.solve(A, x[:9]).tolist()]
found["fft"] = np.abs(np.fft.fft(x)).tolist()
rng = np.random.default_rng(7)
found["random"] = [rng.normal(size=9).tolist(), rng.gamma(2.0, size=9).tolist()]
found["random"] += [rng.integers(0, 99, size=9).tolist(), rng.permutation(9).tolist()]
found["text"] = f"{math.pi:.15g} {1e22!r} {5e-324!r} {np.float32(0.1)!r} {2**200} {1/3}"
found["unicode"] = "straße Ωé".upper() + "\\N{GREEK SMALL LETTER ALPHA}"
print(json.dumps(found))
"""


def natively(code: str) -> str:
    """Run code in this Python; return what it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {"np": np})
    return printed.getvalue()


def test_numbers_are_those_of_this_machine(desk):
    """Functions of mathematics, linear algebra, random streams, and how numbers are written."""
    shown = json.loads(desk.run("import numpy as np\n" + NUMBERS))
    native = json.loads(natively(NUMBERS))
    assert shown.keys() == native.keys()
    for name, expected in native.items():
        if isinstance(expected, str):
            assert shown[name] == expected
            continue
        for got, wanted in zip(shown[name], expected, strict=True):
            np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12, err_msg=name)


INTEGERS = f"""import json
found = {{}}
for expression in {EXPRESSIONS!r}:
    try:
        found[expression] = repr(eval(expression))
    except Exception as error:
        found[expression] = f"{{type(error).__name__}}: {{error}}"
print(json.dumps(found))
"""


def test_whole_numbers_have_64_bits_as_on_this_machine(desk):
    """Arrays that students make, sums, products, counts, places: values, types, and how written."""
    shown = json.loads(desk.run("import numpy as np\n" + INTEGERS))
    native = json.loads(natively(INTEGERS))
    assert not [name for name, value in native.items() if "Error" in value]
    differences = {
        name: (value, shown[name]) for name, value in native.items() if shown[name] != value
    }
    assert not differences


def test_answers_with_large_whole_numbers_have_the_native_verdict(sites, plain_reader):
    """Right ones stay right and wrong ones wrong where numbers pass 2**31."""
    imports = {"id": "imports", "role": "other", "source": "import numpy as np"}
    requests = [
        {
            "cell": {"id": "answer", "source": answer},
            "before": [imports],
            "tests": [{"id": "test", "source": test}],
        }
        for answer, test in ANSWERS
    ]
    plain_reader.page.goto(sites["student"].chapter(CHAPTER))
    got = PagesPython(plain_reader.page).verdicts(requests)
    native = native_verdicts(requests)
    assert got == native
    assert {one["test"] for one in native} == {"passed", "failed"}
