# SPDX-License-Identifier: Apache-2.0
"""What lies round a library while it is measured: the same for every library.

What a call costs hangs a little on where things lie in memory: whether two halves of a string
are on one page, where the stack begins, how far the variable is that a library asks for. Where
things lie hangs on the lengths of paths, names and variables, for all of them are copied to the
heap and the stack. So a library is loaded by a path that has one length (``alias``) and with an
environment of one size (``environment``); and its calls are counted in several layouts, each
of which moves heap and stack by some ``SHIFT``, so that what layout alone can move is known.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import ffi_cts

LAYOUTS = 4
"""In so many layouts of memory calls are counted; number 0 moves nothing."""
SHIFT = 1040
"""Bytes by which each layout moves more than the one before; native/bench/driver.c knows it too.

A little more than a quarter of a page: so the places in a page, in a line of the cache and in a
vector register are all different.
"""

_PAGE = 4096
_VARIABLES = 64
_PADDING = "FFI_CTS_PADDING"


def environment() -> dict[str, str]:
    """The environment of a driver: the user's, less what would change what is counted."""
    mine = {name: text for name, text in os.environ.items() if not name.startswith("VALGRIND")}
    # A child of `python -m` finds the package where this process found it.
    package = str(Path(ffi_cts.__file__).resolve().parents[1])
    paths = [package, *filter(None, mine.get("PYTHONPATH", "").split(os.pathsep))]
    return {**mine, "LC_ALL": "C", "PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(paths)}


def padded(words: Sequence[str], variables: Mapping[str, str], layout: int = 0) -> dict[str, str]:
    """`variables` and more, which make their number and their size, with `words`, round ones.

    Both lie above the stack. What depends on where the stack begins, such as a library's walk
    up the stack, and on how many variables there are, such as asking for one, must cost the
    same in every run. `layout` moves the stack.
    """
    count = -(len(variables) + 1) % _VARIABLES + 1
    names = [f"{_PADDING}_{number:02}" for number in range(count)]
    strings = [*words, *(f"{name}={text}" for name, text in variables.items())]
    strings += [f"{name}=" for name in names]
    # Each string ends with a NUL and has a pointer to it.
    size = sum(len(os.fsencode(string)) + 1 + 8 for string in strings)
    more = -size % _PAGE + layout * SHIFT
    return {**variables, **dict.fromkeys(names[:-1], ""), names[-1]: "x" * more}


_PACKAGE = ("tvm_ffi", "lib", "libtvm_ffi.so")
_ALONE = ("ffi-cts-above", "ffi-cts-measured", "ffi-cts-it.so")
"""Folders and file of an alias: of a released package, and of any other library.

The files' names have one length. No neighbour has any of the second ones.
"""
_LENGTH, _MORE = 192, 128
"""An alias has so many bytes; or some times as many more, where temporary files lie deep."""


@contextmanager
def alias(library: Path) -> Iterator[Path]:
    """Another path of `library`, as long as that of any other, while entered.

    It leads to the same file, which stays where it is. What the library finds through its own
    folder ($ORIGIN) is there too: its neighbours, and those of the two folders above. A library
    in a released package has the whole package round it.

    Raises:
        OSError: the folder for temporary files can't be written.
    """
    real = library.absolute()
    packaged = real.parts[-3:] == _PACKAGE and (real.parents[1] / "__init__.py").is_file()
    parts = _PACKAGE if packaged else _ALONE
    with tempfile.TemporaryDirectory(prefix="ffi-cts-", ignore_cleanup_errors=True) as scratch:
        root = Path(scratch) / ("p" * (_length(scratch) - _bare(scratch, parts)))
        root.mkdir()
        if packaged:
            (root / parts[0]).symlink_to(real.parents[1])
        else:
            _link_all(real.parent.parent.parent, root)
            _link_all(real.parent.parent, root / parts[0])
            _link_all(real.parent, root / parts[0] / parts[1])
            root.joinpath(*parts).symlink_to(real)
        yield root.joinpath(*parts)


def _bare(scratch: str, parts: tuple[str, ...]) -> int:
    """Bytes of an alias without what makes it longer."""
    return len(os.fsencode("/".join((scratch, "", *parts))))


def _length(scratch: str) -> int:
    """Bytes that an alias in `scratch` has, whichever library it is for."""
    least = max(_bare(scratch, parts) for parts in (_PACKAGE, _ALONE)) + 1
    return _LENGTH + max(0, -(-(least - _LENGTH) // _MORE)) * _MORE


def _link_all(folder: Path, into: Path) -> None:
    into.mkdir(exist_ok=True)
    try:
        entries = list(os.scandir(folder))
    except OSError:  # whoever can't list it finds nothing in it
        return
    for entry in entries:
        (into / entry.name).symlink_to(entry.path)
