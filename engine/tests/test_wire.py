"""What goes over the wire comes back the same, and whatever else arrives is one clean error."""

from __future__ import annotations

import datetime
import decimal
import enum
import fractions
import json
import math
import pathlib
import random
import re
import socket
import threading
import time
import tracemalloc
import uuid
import zoneinfo
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from nbjudge.judge.remote import Description
from nbjudge.wire.decoder import Decoder
from nbjudge.wire.encoder import Encoder
from nbjudge.wire.frames import Channel, Limits, WireError, parse
from nbjudge.wire.known_types import EXCEPTIONS, Reference, RemoteError

SMALL = Limits(json_bytes=1 << 16, block_bytes=1 << 16, blocks=100, depth=20)


def there_and_back(value, limits=None):
    limits = limits or Limits()
    encoder = Encoder(limits=limits)
    frame = encoder.frame(encoder.encode(value))
    node, blocks = parse(frame, limits)
    return Decoder(blocks, limits=limits).decode(node)


def same(left, right):
    """Equal in value and in every type, nan equal to nan, the sign of zero counted."""
    if type(left) is not type(right):
        return False
    if isinstance(left, np.ndarray):
        if left.dtype != right.dtype or left.shape != right.shape:
            return False
        if left.dtype.kind == "O":
            return all(map(same, left.ravel().tolist(), right.ravel().tolist()))
        return left.tobytes() == right.tobytes()
    if isinstance(left, np.generic):
        return left.dtype == right.dtype and left.tobytes() == right.tobytes()
    if isinstance(left, float):
        if math.isnan(left) or math.isnan(right):
            return math.isnan(left) and math.isnan(right)
        return left == right and math.copysign(1, left) == math.copysign(1, right)
    if isinstance(left, complex):
        return same(left.real, right.real) and same(left.imag, right.imag)
    if isinstance(left, dict):
        return same(list(left), list(right)) and same(list(left.values()), list(right.values()))
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


arrays = hnp.arrays(
    dtype=st.one_of(
        hnp.boolean_dtypes(),
        hnp.integer_dtypes(),
        hnp.unsigned_integer_dtypes(),
        hnp.floating_dtypes(sizes=(16, 32, 64)),
        hnp.complex_number_dtypes(sizes=(64, 128)),
    ),
    shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
)
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.binary(),
    st.complex_numbers(),
    arrays,
    arrays.filter(lambda a: a.size).map(lambda a: a.flat[0]),
)
keys = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.binary())
values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner), st.lists(inner).map(tuple), st.dictionaries(keys, inner), st.sets(keys)
    ),
    max_leaves=20,
)


@given(values)
def test_plain_values_come_back_the_same(value):
    """Values and exact types survive the way there and back."""
    assert same(there_and_back(value), value)


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        -float("inf"),
        -0.0,
        10**5000,
        -(10**30),
        2**62,
        [2**62 - 1, 1 - 2**62],
        [1, 2**62, -(2**62)],
        complex(-0.0, 1),
        np.float32(1.5),
        np.bool_(True),
        np.array(3.0),
        np.array([]),
        np.zeros((3, 0)),
        np.datetime64("2026-01-01"),
        np.array(["a", "bc"]),
        np.array([b"x"]),
        range(3, 9, 2),
        (1, [2, (3,)]),
        frozenset({1, 2}),
        {"a": {(1, 2): [None]}},
        "\ud800",
        ...,
        np.array("x"),
        np.array([1, "a", None, [2]], dtype=object),
        np.array([1, 2], dtype=">i4"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_particular_values_come_back_the_same(value):
    """The corners that a marker may ask about."""
    assert same(there_and_back(value), value)


def test_layout_comes_back_as_far_as_it_can_be_told():
    """Fortran order and read-only arrays stay so; a strided view arrives with its values."""
    fortran = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    assert there_and_back(fortran).flags.f_contiguous
    fixed = np.arange(3)
    fixed.flags.writeable = False
    assert not there_and_back(fixed).flags.writeable
    back = there_and_back(np.arange(10)[::-3])
    assert back.tolist() == [9, 6, 3, 0] and back.flags.writeable


def test_the_same_object_twice_arrives_as_one():
    """Links keep identity, so that a function that is given one array twice can tell."""
    x = np.zeros(2)
    first, second, third = there_and_back([x, x, np.zeros(2)])
    assert first is second and first is not third


@pytest.mark.parametrize(
    "value",
    [
        type("Float", (float,), {"__eq__": lambda *_: True, "__hash__": float.__hash__})(2),
        np.zeros(3).view(type("Array", (np.ndarray,), {"__eq__": lambda *_: True})),
        type("L", (list,), {})([1]),
        type("D", (dict,), {})(a=1),
        type("C", (Counter,), {})("ab"),
        type("Frame", (pd.DataFrame,), {"equals": lambda *_: True})({"a": [1]}),
        type("G", (np.random.Generator,), {})(np.random.PCG64(1)),
        type("Date", (datetime.date,), {"__eq__": lambda *_: True})(2024, 1, 1),
        [type("I", (int,), {})(1)],
    ],
    ids=lambda value: type(value).__name__,
)
def test_subclasses_do_not_arrive_as_the_type_that_they_extend(value):
    """An always-equal float is no float: it is named, and not taken for what it is not."""
    with pytest.raises(WireError, match=r"of the type (Float|Array|L|D|C|Frame|G|Date|I)"):
        there_and_back(value)


def table():
    days = pd.date_range("2024-01-01", periods=2, tz="Europe/Berlin", name="day")
    return pd.DataFrame(
        {
            "i": [1, 2],
            ("t", 1): ["a", None],
            "s": pd.array(["a", None], dtype="string"),
            "n": pd.array([1, None], dtype="Int8"),
            "u": pd.array([None, 1], dtype="UInt64"),
            "f": pd.array([0.5, None], dtype="Float64"),
            "b": pd.array([True, None], dtype="boolean"),
            "c": pd.Categorical(["x", None], ["y", "x"], ordered=True),
            "z": days,
            "d": days.tz_localize(None),
            "w": pd.to_timedelta([1, 2], "h"),
            "p": pd.period_range("2024-01", periods=2, freq="M"),
            "v": pd.cut([1, 2], [0, 1, 3]),
            "o": pd.Series([{"a": 1}, pd.Timestamp(0)], dtype=object).values,
        },
        index=days,
    )


@pytest.mark.parametrize(
    "value",
    [
        datetime.date(2024, 2, 29),
        datetime.datetime(2024, 1, 1, 12, fold=1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
        datetime.time(1, tzinfo=datetime.timezone(datetime.timedelta(hours=1))),
        datetime.timedelta(-3, 5, 7),
        decimal.Decimal("-1E+3"),
        decimal.Decimal("NaN"),
        fractions.Fraction(10**30, 7),
        uuid.UUID(int=7),
        pathlib.Path("a/../b c"),
        pathlib.PurePosixPath("/x"),
        re.compile(rb"a(b)", re.IGNORECASE),
        slice(1, None, -2),
        bytearray(b"abc"),
        deque([1, [2]], maxlen=4),
        Counter("aab"),
        OrderedDict(b=1, a=[2]),
        defaultdict(list, a=[1]),
        defaultdict(None),
        {"a": 1}.keys(),
        {"a": [1]}.values(),
        {"a": 1}.items(),
        np.array([[1, 2]]).view(np.matrix),
        np.ma.masked_greater(np.array([1.0, 5]), 3),
        np.ma.array([1, 2]),
        np.array([("a", 3, [1, 2])], dtype=[("n", "U5"), ("age", ">i4"), ("p", "f4", 2)]),
        np.array([(1, (2.0,))], dtype=np.dtype([("a", "i1"), ("b", [("c", "f8")])], align=True)),
        np.array([("a", 3)], dtype=[("n", "U5"), ("age", "i4")])[0],
        np.random.default_rng(3),
        np.random.Generator(np.random.MT19937(3)),
        np.random.RandomState(3),
        random.Random(3),
        namedtuple("P", "x y", defaults=[0])(1, [2]),
        enum.Enum("Color", "RED BLUE").RED,
        enum.IntFlag("Bits", {"A": 1, "B": 2})(3),
        table(),
        table()["z"],
        table().T.index,
        table().groupby(["i", "d"]).size(),
        pd.DataFrame(),
        pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]),
        pd.RangeIndex(2, 9, 3, name="k"),
        pd.Index(["a", 1], name=("t", 1)),
        pd.Timestamp("2024-01-01 03:04:05.123456789", tz="America/New_York"),
        pd.Timestamp("2024-01-01").as_unit("s"),
        pd.Timedelta("1 days 2 ns"),
        pd.Period("2024-01", "M"),
        pd.Interval(0, 1, "left"),
        pd.NaT,
        pd.NA,
    ],
    ids=lambda value: type(value).__name__,
)
def test_types_of_libraries_go_by_value(value):
    """And come back as exactly what they were."""
    back = there_and_back([value])[0]
    assert type(back) is type(value)
    if isinstance(value, pd.DataFrame):
        pd.testing.assert_frame_equal(back, value, check_exact=True, check_freq=True)
    elif isinstance(value, pd.Series):
        pd.testing.assert_series_equal(back, value, check_exact=True, check_freq=True)
    elif isinstance(value, pd.Index):
        pd.testing.assert_index_equal(back, value, exact=True, check_exact=True)
    elif isinstance(value, (np.random.Generator, np.random.RandomState)):
        assert (back.random(3) == value.random(3)).all()
    elif isinstance(value, random.Random):
        assert back.random() == value.random()
    elif isinstance(value, np.ndarray):
        assert back.dtype == value.dtype and repr(back) == repr(value)
    elif isinstance(value, np.void):
        assert back.dtype == value.dtype and back == value
    elif isinstance(value, deque):
        assert back == value and back.maxlen == value.maxlen
    else:
        assert repr(back) == repr(value)


def test_the_class_of_a_named_tuple_is_one():
    """Two points are of one class, and this side's own class comes home."""
    kind = namedtuple("Own", "x y")
    first, second, again = there_and_back([kind(1, 2), kind(3, 4), kind])
    assert type(first) is type(second) is again is kind


@pytest.mark.parametrize(
    "node",
    [
        ["x", "os.system", "true"],
        ["x", "pandas.io", 1],
        ["X", "date", 2024, 1, 1],
        ["x", "deque", ["l"], None],
        ["x", "Decimal", "1" * 10 + "x"],
        ["x", "ZoneInfo", "../../etc/passwd"],
        ["x", "ZoneInfo", "Nowhere/Land"],
        ["x", "date", "2024", 1, 1],
        ["X", "Generator", "os", ["d"]],
        ["X", "Generator", "PCG64", ["d", "state", 1]],
        ["x", "dict_keys", ["l", ["l"]]],
        ["C", ["t", "tuple", "a b", ["l", "x"], ["d"]]],
        ["C", ["t", "tuple", "P", ["l", "x; import os"], ["d"]]],
        ["C", ["t", "enum", "P", "type", ["d"]]],
        ["N", ["t", "tuple", "P", ["l", "x"], ["d"]], 1, 2],
        ["N", ["t", "enum", "Q", "Enum", ["d", "A", 1]], 1],
        ["E", ["t", "enum", "Q", "Enum", ["d", "A", 1]], 2],
        ["E", ["t", "enum", "Q", "Enum", ["d", "__init__", 1]], 1],
        ["a", [["a"], ["O"], [[]], [0], 8, False], [0], "C", 0],
        ["a", [["a", "b"], ["i4"], [[]], [0], 8, False], [0], "C", 0],
        ["a", [["a"], ["i4"], [[-1]], [0], 8, False], [0], "C", 0],
        ["a", [["a"], ["i4"], [[]], [6], 8, False], [0], "C", 0],
        ["x", "pandas.Timestamp", 1, "years", None],
        ["x", "pandas.Index", "index", ["l", None], ["t", "numpy", 1], None],
        ["X", "pandas.DataFrame", 1, 2, ["l"]],
        ["x", "Pattern", "(" * 2000, 0],
    ],
    ids=str,
)
def test_forged_values_of_libraries_are_refused(node):
    """Nothing is looked up outside the tables, and no part is believed."""
    with pytest.raises(WireError):
        Decoder([b""]).decode(node)


@pytest.mark.parametrize(
    "error",
    [ValueError("no"), KeyError("k"), ZeroDivisionError(), AssertionError("a", 1)],
    ids=repr,
)
def test_exceptions_of_builtin_types_come_back_as_themselves(error):
    """So that a test can ask for a ValueError."""
    back = there_and_back(error)
    assert type(back) is type(error) and back.args == error.args


def test_other_exceptions_carry_name_message_and_base():
    """A student's own kind of ValueError is a RemoteError and a ValueError."""
    back = there_and_back(type("TooSmall", (ValueError,), {})("by far"))
    assert isinstance(back, RemoteError) and isinstance(back, ValueError)
    assert str(back) == "TooSmall: by far"
    exits = there_and_back(SystemExit(3))
    assert isinstance(exits, SystemExit) and exits.code == 3 and isinstance(exits, Exception)
    assert isinstance(there_and_back(np.linalg.LinAlgError("singular")), np.linalg.LinAlgError)
    assert issubclass(EXCEPTIONS["LinAlgError"], ValueError)


def test_callables_go_as_references():
    """A function is a number and a name, never code."""
    kept = []

    def reference(function):
        kept.append(function)
        return 7

    encoder = Encoder(reference)
    node, blocks = parse(encoder.frame(encoder.encode([np.sin, len])), Limits())
    assert Decoder(blocks, lambda r: r).decode(node) == [Reference(7, "sin"), Reference(7, "len")]
    assert kept == [np.sin, len]
    with pytest.raises(WireError):
        Decoder(blocks).decode(node)


def recursive():
    loop = [1]
    loop.append({"again": loop})
    return loop


def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        recursive(),
        deep(100),
        deep(10_000),
        object(),
        (n for n in "x"),
        np.zeros(1, [("a", object)]),
        len,
        type("Own", (), {})(),
        np.zeros(10_000_000),
        "x" * (1 << 20),
        [[]] * 0 + [[1]] * 0 + ["ab"] * 200_000,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_go_is_refused_on_the_way_out(value):
    """Recursive, deep, huge and foreign values are a WireError, not a crash."""
    with pytest.raises(WireError):
        there_and_back(value, SMALL)


FORGED = [
    ["a", "<f8", [1 << 40], "C", 0], ["a", "<f8", [-1], "C", 0], ["a", "O", [1], "C", 0],
    ["a", "<U0", [1 << 40], "C", 1], ["a", "i4,i4", [1], "C", 0], ["a", "V8", [1], "C", 0],
    ["a", "<f8", [0, 1 << 62, 1 << 62], "C", 1], ["a", "<f8", [1], "C", 9], ["a"], [],
    ["@", 0], ["@", -1], ["n", "<f8", 1], ["n", "O", 0], ["i", "12z"], ["i", 3], ["c", 1, 2],
    ["d", 1], ["d", ["l"], 1], ["s", ["l"]], ["k", "eval"], ["e", "X", "KeyboardInterrupt"],
    ["g", 0, "generator"], ["x", "StringIO", "a", 0], ["X", "StringIO", "a", 9],
    ["X", "BytesIO", "a", 0],
    ["e", "X", "object", 1], ["f", 1, "x"], ["r", 0, 1, 0], ["r", 1.5], ["D", "O"], ["b", True],
    {"a": 1}, ["l", {"a": 1}], ["t", ["l", {}]], ["o", [3], 1], ["o", [-1], 1], ["unknown", 1],
    [["l"], 1], [None], [1], ["a", 5, [1], "C", 0], ["a", "<f8", "11", "C", 0], ["D", "<f8" * 9], ["D", "float"], ["D", "a8"], ["D", "3f8"], ["D", "(2)f8"], ["D", "f8\n"],
    ["e", "X", "StopIteration"], ["e", "X", "ExceptionGroup", "m", ["l"]], ["D", "M8[9" + "9" * 9 + "s]"],
]  # fmt: skip


@pytest.mark.parametrize("node", FORGED, ids=json.dumps)
def test_a_forged_node_is_one_clean_error(node):
    """What the encoder would never write does not decode."""
    with pytest.raises(WireError):
        Decoder([bytes(8), b""], limits=SMALL).decode(node)


json_values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5),
        st.sampled_from(["l", "t", "d", "s", "a", "o", "n", "@", "i", "c", "b", "e", "f", "r", "<f8"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=6), st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=25,
)  # fmt: skip


@given(json_values, st.lists(st.binary(max_size=40), max_size=4))
@settings(max_examples=500)
def test_any_json_decodes_to_a_value_or_to_a_wire_error(node, blocks):
    """The fuzz test of the contract's values."""
    try:
        value = Decoder(blocks, lambda reference: len, limits=SMALL).decode(node)
    except WireError:
        return
    there = Encoder(lambda function: 0, limits=SMALL)
    there.encode(value)  # what came in can go out


@given(st.binary(max_size=200))
@settings(max_examples=500)
def test_any_bytes_are_a_frame_or_a_wire_error(data):
    """The fuzz test of the frames."""
    try:
        node, blocks = parse(data, SMALL)
        Decoder(blocks, limits=SMALL).decode(node)
    except WireError:
        return


@given(values, st.data())
def test_a_frame_with_changed_bytes_is_a_value_or_a_wire_error(value, data):
    """Flipping bytes of a true frame breaks nothing else."""
    encoder = Encoder()
    frame = bytearray(encoder.frame(encoder.encode(value)))
    for _ in range(3):
        place = data.draw(st.integers(0, len(frame) - 1))
        frame[place] = data.draw(st.integers(0, 255))
    try:
        node, blocks = parse(bytes(frame), SMALL)
        Decoder(blocks, limits=SMALL).decode(node)
    except WireError:
        return


@pytest.mark.parametrize(
    "text", ["[" * 60_000, '["l",' * 10_000, "1" * 60_000, '["i","' + "f" * 60_000 + '"]']
)
def test_hostile_text_costs_neither_time_nor_memory(text):
    """Deep brackets and endless digits end at once."""
    started, frame = time.process_time(), len(text).to_bytes(4, "big") + bytes(4) + text.encode()
    tracemalloc.start()
    try:
        node, blocks = parse(frame, SMALL)
        Decoder(blocks, limits=SMALL).decode(node)
    except WireError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert time.process_time() - started < 2
    assert peak < 64 << 20


def test_a_frame_that_promises_too_much_is_refused_before_it_is_read():
    """The announced size is checked, not allocated."""
    near, far = socket.socketpair()
    with near, far:
        far.sendall((1 << 31).to_bytes(4, "big") + bytes(4))
        with pytest.raises(WireError):
            Channel(near, SMALL).receive()


def test_a_side_that_goes_away_is_an_eof():
    """Half a frame is no frame."""
    near, far = socket.socketpair()
    with near:
        with far:
            far.sendall((9).to_bytes(4, "big") + bytes(4) + b"[1")
        with pytest.raises(EOFError):
            Channel(near, SMALL).receive()


def test_large_frames_go_through_a_socket():
    """Ten megabytes arrive whole."""
    near, far = socket.socketpair()
    big = np.arange(1_250_000.0)
    encoder = Encoder()
    frame = encoder.frame(encoder.encode(big))
    with near, far:
        sender = threading.Thread(target=far.sendall, args=(frame,))
        sender.start()
        node, blocks = Channel(near).receive()
        sender.join()
    assert np.array_equal(Decoder(blocks).decode(node), big)


@pytest.mark.parametrize(
    "wrong",
    [{"answers": 5}, {"methods": None}, {"exception": [1]}, {"name": 3}, {"methods": ["a" * 1001]},
     {"qualname": ...}, {"extends": "list"}, {"extends": ...}],
)  # fmt: skip
def test_a_class_that_is_not_described_is_the_kernels_fault(wrong):
    """Whichever part of it is something else, or is not there."""
    told = {"name": "C", "qualname": "C", "module": "m", "exception": None, "answers": ["__len__"],
            "methods": ["size"], "extends": ["list", "a base of its own"]}  # fmt: skip
    assert Description.of_data(told).methods == {"size"}
    assert Description.of_data(told).extends == {"list"}
    told |= wrong
    with pytest.raises(WireError, match="not described"):
        Description.of_data({key: value for key, value in told.items() if value is not ...})
