# SPDX-License-Identifier: Apache-2.0
"""A benchmark as one self-contained HTML page."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen
from jinja2 import Environment

from ffi_cts.bench.model import LAYERS, METERS, THREADS, UNITS, Benchmark
from ffi_cts.bench.page.changes import series
from ffi_cts.bench.page.charts import HEIGHT, WIDTH
from ffi_cts.bench.page.notes import Missing, missing, steadiness
from ffi_cts.bench.page.tables import (
    Event,
    Finding,
    Table,
    TargetSteps,
    axis,
    events,
    findings,
    tables,
    target_steps,
)
from ffi_cts.bench.page.view import BARS, Card, View, kind_of, label_of
from ffi_cts.library.releases import PROJECT
from ffi_cts.report.page.base import environment
from ffi_cts.report.words import count

_TEMPLATES = Path(__file__).with_name("templates")
_TITLES = {"c": "Calls from C", "python": "Calls from Python", "cuda": "CUDA kernels"}
_FIRST = 12
"""So many changes are shown at once; the rest is folded away."""


@frozen
class Group:
    """A topic of a layer, and how many of its operations got slower or faster somewhere."""

    name: str
    cards: tuple[Card, ...]
    slower: int
    faster: int


@frozen
class Layer:
    """A layer with its topics, and its table for each meter."""

    name: str
    title: str
    groups: tuple[Group, ...]
    tables: tuple[Table, ...]


@frozen(kw_only=True)
class Page:
    """Everything that the template prints. `shown` are the labels of targets with numbers."""

    b: Benchmark
    view: View
    title: str
    shown: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    broken: int
    steps: tuple[TargetSteps, ...]
    busiest: int
    events: tuple[Event, ...]
    more_events: tuple[Event, ...]
    layers: tuple[Layer, ...]
    axis: str
    missing: tuple[Missing, ...]
    steadiness: tuple[str, ...]

    @property
    def bars(self) -> bool:
        """Whether charts are bars, not lines."""
        return len(self.shown) <= BARS

    @property
    def noun(self) -> str:
        """What differs between neighbours: targets in a row change, a pair differs."""
        return "change" if len(self.shown) > 2 else "difference"


def render(benchmark: Benchmark) -> str:
    """Give the page. Names and reasons of foreign libraries are only text in it."""
    return _environment().get_template("page.html").render(page=_page(benchmark))


def _environment() -> Environment:
    made = environment(_TEMPLATES, "page.css", "page.js")
    made.globals.update(
        units=UNITS,
        label_of=label_of,
        kind_of=kind_of,
        width=WIDTH,
        height=HEIGHT,
    )
    return made


def _page(benchmark: Benchmark) -> Page:
    measured = {row.target for row in benchmark.results}
    present = {row.meter for row in benchmark.results}
    ids = [target.id for target in benchmark.targets if target.id in measured]
    view = View(benchmark, ids, {m: series(benchmark, m, ids) for m in METERS if m in present})
    made = (view.card(index, op) for index, op in enumerate(benchmark.operations))
    cards = [card for card in made if card is not None]
    changes = events(view, cards)
    steps = target_steps(view) if ids else []
    return Page(
        b=benchmark,
        view=view,
        title=_title(view),
        shown=tuple(view.labels[id] for id in ids),
        facts=_facts(benchmark),
        findings=tuple(findings(view, changes, steps)),
        broken=len({skip.op for skip in benchmark.skipped if skip.broken}),
        steps=tuple(steps),
        busiest=max((max(s.slower, s.faster) for step in steps for s in step.sides), default=0),
        events=tuple(changes[:_FIRST]),
        more_events=tuple(changes[_FIRST:]),
        layers=tuple(_layers(view, cards)),
        axis=axis(view),
        missing=tuple(missing(view)),
        steadiness=tuple(steadiness(view)),
    )


def _title(view: View) -> str:
    ids = [target.id for target in view.benchmark.targets]
    released = [id.startswith(f"{PROJECT}==") for id in ids]
    before = f"{PROJECT} " if ids and all(released) else ""
    names = [
        f"{PROJECT} {view.labels[id]}" if known and not before else view.labels[id]
        for id, known in zip(ids, released, strict=True)
    ]
    if len(names) > BARS:
        return f"{before}{names[0]} to {names[-1]}"
    return before + ", ".join([*names[:-2], " and ".join(names[-2:])])


def _facts(benchmark: Benchmark) -> tuple[tuple[str, str], ...]:
    machine = benchmark.machine
    minutes, seconds = divmod(benchmark.seconds, 60)
    return (
        ("Measured", benchmark.started.replace("T", " ").replace("+00:00", " UTC")),
        ("Took", f"{minutes:.0f} min {seconds:.0f} s" if minutes else f"{seconds:.1f} s"),
        ("Processor", f"{machine.cpu}, {count(machine.cores, 'core')}"),
        ("System", machine.system),
        ("Counter", machine.counter),
        ("Python", machine.python),
        ("Suite", f"ffi-cts {benchmark.suite}"),
        ("Machine", machine.id),
    )


def _layers(view: View, cards: list[Card]) -> list[Layer]:
    layers = []
    for layer in LAYERS:
        topics: dict[str, list[Card]] = {}
        for card in cards:
            if card.op.layer == layer:
                topics.setdefault(_topic(card.op.name), []).append(card)
        if topics:
            groups = tuple(_group(name, found) for name, found in topics.items())
            whole = tables(view, list(topics.items()))
            layers.append(Layer(layer, _TITLES[layer], groups, whole))
    return layers


def _topic(op: str) -> str:
    """What an operation is about: its name before the first dot."""
    return op.removeprefix(THREADS).split(".")[0]


def _group(name: str, cards: list[Card]) -> Group:
    library = [card for card in cards if not card.op.control]
    return Group(
        name=name,
        cards=tuple(cards),
        slower=sum(card.slower for card in library),
        faster=sum(card.faster for card in library),
    )
