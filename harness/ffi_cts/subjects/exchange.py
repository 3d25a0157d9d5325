# SPDX-License-Identifier: Apache-2.0
"""Exchangers: libraries that hand tensors over by DLPack, each judged alone and with each other.

A subject is one cell of the matrix, a producer with a consumer; one of them may be the strict peer
of the suite. Which cells a check judges stands in its parameters.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import attrs
from packaging.utils import canonicalize_name

from ffi_cts.checks.exchange.adapters import KNOWN, STRICT, Known, exchanger
from ffi_cts.checks.exchange.fixtures import ExchangeFixtures
from ffi_cts.checks.exchange.measuring import measure
from ffi_cts.checks.exchange.tensors import DTYPES
from ffi_cts.engine.child import Ending, Limits
from ffi_cts.engine.context import Context, activate
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.foreman import run_apart
from ffi_cts.engine.plan import Check
from ffi_cts.engine.subject import Companion, Subject
from ffi_cts.errors import UsageError
from ffi_cts.library.fetch import sha256_of
from ffi_cts.library.targets import Target, resolve
from ffi_cts.results import Finding
from ffi_cts.subjects import Files, Found, Request

NAME = "exchange"
PRODUCER, CONSUMER = "producer", "consumer"
_PEER = Companion(role="", id=STRICT, path=Path(), sha256="")


class ExchangeKind:
    """Libraries that produce and consume DLPack tensors."""

    name = NAME
    base_profile = NAME

    def locate(self, request: Request, note: Callable[[str], None]) -> Files:
        """Find each library without importing it."""
        targets = [_find(word, note) for word in request.libraries]
        if request.recipe:
            targets.append(_module(request.recipe[0]))
        names = [_key(target.id) for target in targets]
        for number, name in enumerate(names):
            if name in names[:number]:
                every = _words(request)
                words = every[names.index(name)], every[number]
                raise UsageError(
                    f"{words[0]!r} and {words[1]!r} are the same library, {name}.",
                    "Name each library once: it is judged with itself anyway.",
                )
        first = targets[0]
        whole = attrs.evolve(first, id=", ".join(target.id for target in targets), needed=())
        return Files(target=whole, companions=tuple(("library", target) for target in targets))

    def probe(self, request: Request, files: Files, scratch: Path, seconds: float) -> Found:
        """Import each in a child of its own, and measure what it can make and take."""
        libraries, findings = [], []
        for word, (_, target) in zip(_words(request), files.companions, strict=True):
            recipe = request.recipe if word in request.recipe[:1] else ()
            found, finding = _probe(word, target, recipe, seconds)
            libraries.append((word, found))
            findings += [Finding("measuring", finding)] if finding else []
        return Found(
            subject=Subject(
                kind=NAME,
                id=files.target.id,
                path=files.target.path,
                features=frozenset(
                    f"{_key(library.id)}:{feature}"
                    for _, library in libraries
                    for feature in library.features
                ),
                companions=tuple(
                    Companion(role="library", id=each.id, path=each.path, sha256=each.sha256)
                    for _, each in libraries
                ),
            ),
            findings=tuple(findings),
            cells=tuple(_cells(libraries)),
        )

    def fixtures(self) -> Sequence[object]:
        """What checks of exchange ask for."""
        return [ExchangeFixtures()]


@attrs.frozen(kw_only=True)
class Library:
    """A library after it was measured."""

    id: str
    path: Path
    sha256: str
    features: frozenset[str] = frozenset()
    recipe: tuple[str, ...] = ()

    def in_role(self, role: str) -> Companion:
        """The library as the producer or the consumer of a cell."""
        return Companion(
            role=role, id=self.id, path=self.path, sha256=self.sha256, recipe=self.recipe
        )

    @property
    def modules(self) -> tuple[str, ...]:
        """What its adapter imports."""
        if self.recipe:
            return self.recipe[:1]
        known = KNOWN.get(_key(self.id))
        return () if known is None else known.modules


def _key(id: str) -> str:
    return id.partition("==")[0]


def cell(producer: Library | None, consumer: Library | None, words: Sequence[str]) -> Subject:
    """The subject for a producer with a consumer; None is the strict peer."""
    both = [(PRODUCER, producer), (CONSUMER, consumer)]
    there = [library for _, library in both if library is not None]
    ids = [STRICT if library is None else _key(library.id) for _, library in both]
    return Subject(
        kind=NAME,
        id="->".join(ids),
        path=there[0].path,
        features=frozenset(
            f"{role}:{feature.partition(':')[2]}"
            for role, library in both
            if library is not None
            for feature in library.features
            if feature.startswith(f"{role}:")
        ),
        companions=tuple(
            attrs.evolve(_PEER, role=role) if library is None else library.in_role(role)
            for role, library in both
        ),
        imports=tuple(sorted({name for library in there for name in library.modules})),
        words=tuple(dict.fromkeys(words)),
        roles=frozenset(role for role, library in both if library is not None),
    )


def alone(name: str, adapter: Path, check: Check) -> Subject:
    """The subject for a check of one library, that of an adapter which was not measured."""
    features = frozenset(f"{role}:{dtype}" for role in (PRODUCER, CONSUMER) for dtype in DTYPES)
    library = Library(id=name, path=adapter, sha256="", features=features)
    producer, consumer = (library if role in check.roles else None for role in (PRODUCER, CONSUMER))
    return attrs.evolve(cell(producer, consumer, ()), id=name)


def _cells(libraries: Sequence[tuple[str, Library]]) -> Iterator[Subject]:
    for word, library in libraries:
        yield cell(library, None, [word])
        yield cell(None, library, [word])
    for word, producer in libraries:
        for other, consumer in libraries:
            yield cell(producer, consumer, [word, other])


def _find(word: str, note: Callable[[str], None]) -> Target:
    """A library by what the user calls it.

    Raises:
        UsageError: there is none, or it is not installed.
    """
    name = canonicalize_name(word).replace("-", "_")
    known = KNOWN.get(word) or KNOWN.get(name)
    if known is not None:
        return _installed(word if word in KNOWN else name, known)
    for package, other in KNOWN.items():
        # Also a runtime, but its own methods are what people call it for.
        if word == other.distribution and _is_installed(other):
            return _installed(package, other)
    path = Path(word)
    if path.suffix == ".py" and path.is_file():
        return _file(path.stem, path)
    try:
        return resolve(word, progress=note)
    except UsageError as error:
        if "There is no target" not in str(error):
            raise
        raise UsageError(
            f"There is no library {word!r} that can be judged.",
            f"Give one of {', '.join(sorted(KNOWN))}; 'reference', the path of a runtime or a "
            "release such as apache-tvm-ffi==0.1.15.post2; or the path of an adapter in Python.",
        ) from error


def _words(request: Request) -> tuple[str, ...]:
    return (*request.libraries, *request.recipe[:1])


def _module(name: str) -> Target:
    """The library that is imported as ``name``.

    Raises:
        UsageError: it is not installed.
    """
    top = name.partition(".")[0]
    packages = importlib.metadata.packages_distributions().get(top, [])
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        raise UsageError(
            f"--module {name}: there is no module {top!r} beside the suite.",
            "Install the library that has it into the same environment.",
        )
    if packages:
        return _installed(name, Known((top,), packages[0]))
    return _file(name, Path(spec.origin or next(iter(spec.submodule_search_locations or [top]))))


def _is_installed(known: Known) -> bool:
    try:
        importlib.metadata.distribution(known.distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _installed(name: str, known: Known) -> Target:
    try:
        distribution = importlib.metadata.distribution(known.distribution)
        spec = importlib.util.find_spec(known.modules[0])
    except (importlib.metadata.PackageNotFoundError, ImportError, ValueError):
        distribution, spec = None, None
    if distribution is None or spec is None:
        raise UsageError(
            f"{name} is not installed beside the suite.",
            f"Install it into the same environment: pip install {known.distribution}",
        )
    record = next(
        (file.locate() for file in distribution.files or () if file.name == "RECORD"), None
    )
    # The record holds the hash of every file, and so stands for all of them.
    path = Path(str(record)) if record is not None else Path(spec.origin or name)
    return _file(f"{name}=={distribution.version}", path)


def _file(id: str, path: Path) -> Target:
    path = path.absolute()
    try:
        sha256 = sha256_of(path)
    except OSError as error:
        raise UsageError(f"Can't read {path}: {error}.", "Check its permissions.") from error
    return Target(id=id, path=path, sha256=sha256, include=None, release=None, exported=frozenset())


def _probe(
    word: str, target: Target, recipe: tuple[str, ...], seconds: float
) -> tuple[Library, str]:
    """Measure a library in a child; the text says what can't be measured."""
    library = Library(id=target.id, path=target.path, sha256=target.sha256, recipe=recipe)
    ending = run_apart(lambda crumbs: _import(library, crumbs), Limits(3 * seconds, None))
    if ending.result is None or ending.result.startswith(b"!"):
        raise UsageError(
            f"{word} can't be judged: {_why(ending, 3 * seconds)}.",
            f"Try it without the suite: python -c 'import {library.modules[0]}'"
            if library.modules
            else "An adapter is a Python file with a class Library: see docs/exchange.md.",
        )
    ending = run_apart(lambda crumbs: _measured(library, crumbs), Limits(3 * seconds, None))
    if ending.result is None or ending.result.startswith(b"!"):
        why = f"what {word} can make and take can't be measured: {_why(ending, 3 * seconds)}"
        return library, why
    found = json.loads(ending.result)
    if not found["features"]:
        raise UsageError(
            f"{word} neither makes nor takes a tensor: {found['why']}.",
            "It may be too old for DLPack, or broken.",
        )
    return attrs.evolve(library, features=frozenset(found["features"])), ""


def _why(ending: Ending, seconds: float) -> str:
    if ending.result is None:
        return ending.describe(seconds)
    lines = ending.result[1:].decode("utf-8", "replace").strip().splitlines()
    return f"its import fails with {lines[-1]}"


def _import(library: Library, crumbs: Crumbs) -> bytes:
    _activate(library, crumbs)
    crumbs.enter(f"import of {library.id}")
    exchanger(_key(library.id), library.path, library.recipe)
    return b"imported"


def _measured(library: Library, crumbs: Crumbs) -> bytes:
    _activate(library, crumbs)
    features, why = measure(exchanger(_key(library.id), library.path, library.recipe))
    return json.dumps({"features": features, "why": why}).encode()


def _activate(library: Library, crumbs: Crumbs) -> None:
    activate(Context(Subject(kind=NAME, id=library.id, path=library.path), crumbs=crumbs))
