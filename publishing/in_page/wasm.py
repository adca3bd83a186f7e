"""A WebAssembly module, read and written: just what cutting one down and keeping its memory need.

The format is that of the specification's section 5. The bodies of functions are read by one regular
expression, the grammar of instructions as far as their lengths and operands go, so that twenty
megabytes of them take seconds in Python. (Binaryen's tools drop only what nothing names, and a
table names every function of every package here.)
"""

import re
from dataclasses import dataclass
from functools import cached_property

CUSTOM, IMPORTS, MEMORIES, EXPORTS, ELEMENTS, CODE, DATA, DATA_COUNT = 0, 2, 5, 7, 9, 10, 11, 12
FUNCTION = 0  # the kind of an import or export
UNREACHABLE = bytes([0x00, 0x00, 0x0B])  # a body: no locals, trap, end
_CONSTANT = 0x41

_NUMBER = rb"[\x80-\xff]*[\x00-\x7f]"
# Where memory is read or written: an alignment, perhaps the number of a memory, and an offset. An
# offset of four bytes or more is an address by itself.
_ALIGNMENT = rb"(?:[\x00-\x3f]|[\x40-\x7f]" + _NUMBER + rb")"
_NEAR = _ALIGNMENT + rb"[\x80-\xff]{0,2}[\x00-\x7f]"
_FAR = _ALIGNMENT + rb"([\x80-\xff]{3}" + _NUMBER + rb")"
_MISCELLANEOUS = [
    rb"[\x00-\x07]",
    rb"[\x08\x0a\x0c\x0e]" + _NUMBER + _NUMBER,
    rb"[\x09\x0b\x0d\x0f-\x11]" + _NUMBER,
]
_VECTORS = [
    rb"[\x00-\x0b\x5c\x5d]" + _NEAR,
    rb"[\x0c\x0d][\x00-\xff]{16}",
    rb"[\x15-\x22][\x00-\xff]",
    rb"[\x54-\x5b]" + _NEAR + rb"[\x00-\xff]",
    rb"[\x0e-\x14\x23-\x53\x5e-\x7f]|[\x80-\xff]+[\x00-\x7f]",
]
_PASSED_OVER = [
    rb"[\x00\x01\x05\x0a\x0b\x0f\x19-\x1b\x45-\xc4\xd1]",
    rb"[\x07-\x09\x0c\x0d\x14\x15\x18\x20-\x26\x3f\x40\x42\xd0]" + _NUMBER,
    rb"[\x02-\x04\x06][\x63\x64]?" + _NUMBER,  # blocks, with their types
    rb"[\x11\x13]" + _NUMBER + _NUMBER,  # calls through the table
    rb"\x43[\x00-\xff]{4}|\x44[\x00-\xff]{8}",  # constants of floating point
    rb"[\x28-\x3e]" + _NEAR,
    rb"\xfc(?:" + b"|".join(_MISCELLANEOUS) + rb")",
    rb"\xfd(?:" + b"|".join(_VECTORS) + rb")",
]
_CALL, _CONSTANT_GROUP, _JUMPS, _TRIES, _SELECT = 2, 3, 7, 8, 9
# What was passed over is not tried in another way: a lookahead gives nothing back. (A possessive
# repetition would say so in two letters, and is wrong in Python before 3.11.5, which Debian has.)
_NEXT = re.compile(
    rb"(?=((?:" + b"|".join(_PASSED_OVER) + rb")*))\1(?:"
    rb"[\x10\x12\xd2](" + _NUMBER + rb")"  # calls of and references to a function
    rb"|\x41(" + _NUMBER + rb")"
    rb"|[\x28-\x3e]" + _FAR + rb"|\xfd[\x00-\x0b\x5c\x5d]" + _FAR
    + rb"|\xfd[\x54-\x5b]" + _FAR + rb"[\x00-\xff]"
    rb"|(\x0e)|(\x1f)|(\x1c))",
    re.DOTALL,
)  # fmt: skip


@dataclass(frozen=True)
class Uses:
    """What the body of a function names.

    Parameters
    ----------
    functions : set of int
        Functions that it calls or refers to.
    constants : set of int
        Constants and addresses: some are places in memory, or in the table.
    """

    functions: set
    constants: set


def read_number(data, at, signed=False):
    """Read a LEB128 number; return it and where it ends."""
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    if signed and byte & 0x40:
        number -= 1 << shift
    return number, at


def number(value):
    """Encode an unsigned number in LEB128."""
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


class Module:
    """A module, by its sections.

    Parameters
    ----------
    data : bytes
        The module.

    Attributes
    ----------
    sections : list of tuple
        ``(kind, start, end)`` of each section's content in `data`.
    """

    def __init__(self, data):
        if data[:8] != b"\x00asm\x01\x00\x00\x00":
            raise ValueError("this is no WebAssembly module of version 1")
        self.data, self.sections, at = data, [], 8
        while at < len(data):
            kind = data[at]
            size, start = read_number(data, at + 1)
            at = start + size
            self.sections.append((kind, start, at))

    def section(self, kind):
        """Return where a section starts; every kind that is asked for is there once."""
        (start,) = [start for found, start, _ in self.sections if found == kind]
        return start

    def _name(self, at):
        size, at = read_number(self.data, at)
        return self.data[at : at + size].decode(), at + size

    @cached_property
    def imported(self):
        """How many functions are imported; these have the first numbers."""
        count, at = read_number(self.data, self.section(IMPORTS))
        for _ in range(count):
            _, at = self._name(at)
            _, at = self._name(at)
            if self.data[at] != FUNCTION:
                raise ValueError("imports something that is not a function")
            _, at = read_number(self.data, at + 1)
        return count

    @cached_property
    def exports(self):
        """Kind and number of what is exported, by name."""
        found = {}
        count, at = read_number(self.data, self.section(EXPORTS))
        for _ in range(count):
            name, at = self._name(at)
            kind = self.data[at]
            which, at = read_number(self.data, at + 1)
            found[name] = kind, which
        return found

    @cached_property
    def table(self):
        """The functions in the table, by their places in it."""
        count, at = read_number(self.data, self.section(ELEMENTS))
        if count != 1 or self.data[at] != 0 or self.data[at + 1] != _CONSTANT:
            raise ValueError("fills its table in another way than this program reads")
        first, at = read_number(self.data, at + 2, signed=True)
        size, at = read_number(self.data, at + 1)
        found = {}
        for place in range(first, first + size):
            found[place], at = read_number(self.data, at)
        return found

    @cached_property
    def bodies(self):
        """Where the body of each function starts and ends; the first is that of `imported`."""
        count, at = read_number(self.data, self.section(CODE))
        found = []
        for _ in range(count):
            size, at = read_number(self.data, at)
            found.append((at, at + size))
            at += size
        return found

    @cached_property
    def segments(self):
        """The data that memory begins with: ``(address, start, end)`` in the module."""
        count, at = read_number(self.data, self.section(DATA))
        found = []
        for _ in range(count):
            if self.data[at] != 0 or self.data[at + 1] != _CONSTANT:
                raise ValueError("places its data in another way than this program reads")
            place, at = read_number(self.data, at + 2, signed=True)
            size, at = read_number(self.data, at + 1)
            found.append((place & 0xFFFFFFFF, at, at + size))
            at += size
        return found

    @cached_property
    def names(self):
        """The names of functions, by their numbers; empty where the module keeps none."""
        found = {}
        for kind, start, end in self.sections:
            if kind != CUSTOM:
                continue
            name, at = self._name(start)
            while name == "name" and at < end:
                what = self.data[at]
                size, at = read_number(self.data, at + 1)
                if what == 1:
                    count, entry = read_number(self.data, at)
                    for _ in range(count):
                        which, entry = read_number(self.data, entry)
                        found[which], entry = self._name(entry)
                at += size
        return found

    def uses(self, function):
        """Return what the body of a function names, as `Uses`."""
        data = self.data
        at, end = self.bodies[function - self.imported]
        count, at = read_number(data, at)
        for _ in range(count):  # local variables, in runs of one type
            _, at = read_number(data, at)
            at = self._after_type(at)
        functions, constants = set(), set()
        while match := _NEXT.match(data, at, end):
            at, group = match.end(), match.lastindex
            if group == _CALL:
                functions.add(read_number(data, match.start(group))[0])
            elif group == _CONSTANT_GROUP:
                value, _ = read_number(data, match.start(group), signed=True)
                constants.add(value & 0xFFFFFFFF)
            elif group < _JUMPS:
                constants.add(read_number(data, match.start(group))[0])
            elif group == _JUMPS:
                count, at = read_number(data, at)
                for _ in range(count + 1):
                    _, at = read_number(data, at)
            elif group == _TRIES:
                at = self._after_clauses(self._after_type(at))
            elif group == _SELECT:
                count, at = read_number(data, at)
                for _ in range(count):
                    at = self._after_type(at)
        return Uses(functions, constants)

    def _after_type(self, at):
        if self.data[at] in (0x63, 0x64):  # a reference to a type, which follows
            at += 1
        return read_number(self.data, at)[1]

    def _after_clauses(self, at):
        count, at = read_number(self.data, at)
        for _ in range(count):
            kind = self.data[at]
            at += 1
            if kind < 2:  # of one kind of exception
                _, at = read_number(self.data, at)
            _, at = read_number(self.data, at)
        return at

    def rewritten(self, changes, has_names=False):
        """Return the module with the content of some sections changed.

        Parameters
        ----------
        changes : dict of int to bytes
            New contents by the kinds of sections.
        has_names : bool
            Whether custom sections stay, of which one names the functions.

        Returns
        -------
        bytes
            The module.
        """
        parts = [self.data[:8]]
        for kind, start, end in self.sections:
            if kind != CUSTOM or has_names:
                content = changes.get(kind, self.data[start:end])
                parts += [bytes([kind]), number(len(content)), content]
        return b"".join(parts)
