"""The default integer of the page's numpy: 64 bits, as where submissions are graded.

Addresses of WebAssembly have 32 bits, and numpy takes its default integer from them, so that
``np.arange(100_000).sum()`` would be wrong in silence. The default is the number of a type in a
few functions of numpy; `widened` changes it there. What numpy itself counts and where it finds
things still has 32 bits then; ``inside/integers.py`` widens that, too.
"""

from dataclasses import dataclass

from . import wasm

LONG, LONG_LONG = 7, 9
"""numpy's numbers of the integers with 32 and with 64 bits here."""
C_ARRAY, ALIGNED, SAME_KIND = 0x501, 0x300, 0x4000000
"""Its flags: what an array must be, and that it may be narrowed from 64 bits to 32."""
INTP_DTYPE, INT64_DTYPE = 27642972, 27642964
"""Where the binary keeps its types for addresses and for 64 bits."""
PROMOTED = 22081920
"""Where it keeps the types of sums, by those of their terms from unsigned bytes on."""


class UnknownCode(Exception):
    """The binary is not the one that the changes were written for."""


@dataclass(frozen=True)
class Edit:
    """A change of one function.

    Parameters
    ----------
    function : str
        Its name.
    before, after : bytes
        Instructions, and what takes their place.
    times : int
        How often they stand there.
    """

    function: str
    before: bytes
    after: bytes
    times: int = 1


def const(value):
    """Encode the instruction that gives a number of 0 or more."""
    encoded = bytearray(wasm.number(value))
    if encoded[-1] & 0x40:  # a sign, unless a byte follows
        encoded[-1] |= 0x80
        encoded.append(0)
    return b"\x41" + encoded


def _address(value):
    """Encode an address as the linker does, in five bytes."""
    return bytes([value >> shift & 0x7F | 0x80 for shift in (0, 7, 14, 21)] + [value >> 28])


def _set(local):
    return b"\x21" + wasm.number(local)


_LOAD, _EQUAL, _AT_MOST, _GET_2 = b"\x28\x02", b"\x46", b"\x4d", b"\x20\x02"
_GET_5_9, _ARGUMENT = b"\x20\x05\x20\x09", wasm.number(304)
_NARROW, _WIDE = const(LONG), const(LONG_LONG)


def edits(describe):
    """Return the changes.

    Parameters
    ----------
    describe : bytes
        The call of ``PyArray_DescrFromType``, which makes a type of its number.
    """
    makers = (
        "PyArray_ArangeObj",
        "_convert_from_any",  # of dtype=int
        "discover_descriptor_from_pylong",
        "int_default_descriptor",
    )
    narrowing = {  # where places are asked for, by how many dimensions these may have
        "PyArray_PutTo": const(0) + const(0),
        "PyArray_Repeat": const(0) + const(1),
        "PyUFunc_GenericReduction": const(1) + const(1),
    }
    return [
        *[Edit(name, _NARROW + describe, _WIDE + describe) for name in makers],
        Edit("discover_descriptor_from_pylong", _NARROW + _WIDE + _GET_2, _WIDE + _WIDE + _GET_2),
        Edit(  # of truth values and whole numbers
            "int_common_dtype", _LOAD + _address(INTP_DTYPE), _LOAD + _address(INT64_DTYPE), 2
        ),
        # Numbers of Python as arguments of functions.
        Edit("_multiarray_umath_exec", _NARROW + describe, _WIDE + describe),
        Edit("convert_ufunc_arguments", _NARROW + _EQUAL, _WIDE + _EQUAL),
        Edit(  # one alone, of up to 32 bits
            "ufunc_generic_fastcall",
            _GET_5_9 + b"\x36\x02" + _ARGUMENT + _NARROW + describe,
            _GET_5_9 + b"\xac\x37\x03" + _ARGUMENT + _WIDE + describe,
        ),
        # Sums and products of what has fewer than 8 bytes, not 4.
        Edit("reducelike_promote_and_resolve", _NARROW + _set(9), _WIDE + _set(9)),
        Edit("reducelike_promote_and_resolve", const(3) + _AT_MOST, const(7) + _AT_MOST),
        *[
            Edit(name, dimensions + const(C_ARRAY), dimensions + const(C_ARRAY | SAME_KIND))
            for name, dimensions in narrowing.items()
        ],
        Edit("PyArray_Choose", describe + const(0) * 3, describe + const(0) * 2 + const(SAME_KIND)),
        Edit(
            "PyArray_SearchSorted",
            describe + const(ALIGNED),
            describe + const(ALIGNED | SAME_KIND),
        ),
    ]


def widened(module):
    """Return the binary with a default integer of 64 bits.

    Parameters
    ----------
    module : publishing.in_page.wasm.Module
        The package's binary, with its names.

    Returns
    -------
    bytes
        The changed module, with its names.

    Raises
    ------
    UnknownCode
        When a function is not as the changes take it to be.
    """
    numbers = {name: which for which, name in module.names.items()}
    describe = b"\x10" + _address(numbers["PyArray_DescrFromType"])
    bodies = {}
    for edit in edits(describe):
        place = numbers[edit.function] - module.imported
        body = bodies.get(place) or module.data[slice(*module.bodies[place])]
        if body.count(edit.before) != edit.times:
            raise UnknownCode(f"{edit.function} is another one")
        bodies[place] = body.replace(edit.before, edit.after)
    parts = [wasm.number(len(module.bodies))]
    for place, (start, end) in enumerate(module.bodies):
        body = bodies.get(place) or module.data[start:end]
        parts += [wasm.number(len(body)), body]
    return module.rewritten({wasm.CODE: b"".join(parts), wasm.DATA: _wide_sums(module)}, True)


def _wide_sums(module):
    """Return the data, with 64 bits for the sums of all integers."""
    narrow = bytes([LONG + 1, LONG] * 4 + [LONG + 1])
    wide = bytes([LONG_LONG + 1, LONG_LONG] * 4 + [LONG_LONG + 1])
    section = module.section(wasm.DATA)
    for address, start, end in module.segments:
        at = start + PROMOTED - address
        if start <= at < end and module.data[at : at + len(narrow)] == narrow:
            (stop,) = [last for kind, first, last in module.sections if first == section]
            return module.data[section:at] + wide + module.data[at + len(wide) : stop]
    raise UnknownCode("the types of sums are elsewhere")
