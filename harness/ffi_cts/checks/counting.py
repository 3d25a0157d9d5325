# SPDX-License-Identifier: Apache-2.0
"""An executable model of reference counts, and the replay of a program against a library.

A program is a list of steps over a few slots, each of which holds at most one object:
``(operation, slot, kind)``. The model says which steps are legal and what each leaves
behind; the replay does the same with real objects and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import attrs

from ffi_cts.checks.deletions import BOTH, STRONG, WEAK
from ffi_cts.checks.kinds import Made, make
from ffi_cts.checks.native import CData
from ffi_cts.checks.runtime import Runtime

Step = tuple[str, int, str]
OPERATIONS = ("incref", "decref", "weak_incref", "weak_decref", "promote")
FOREIGN = "foreign"
"""The kind of an object that no implementation made."""


@attrs.define
class Model:
    """Counts of one object, and the flags its deleter has been called with.

    ``weak`` is the count as the header has it: all strong references together hold one.
    """

    strong: int = 1
    weak: int = 1
    deleted: list[int] = attrs.Factory(list)

    @property
    def gone(self) -> bool:
        """Whether the storage is free: the header may not be read any more."""
        return self.weak == 0

    def allows(self, operation: str) -> bool:
        """Whether a caller that owns what it drops may do this now."""
        if operation in ("incref", "decref"):
            return self.strong > 0
        if operation == "weak_decref":
            return self.weak > (1 if self.strong else 0)
        return not self.gone

    def apply(self, operation: str) -> bool:
        """Carry out a legal operation; the result matters to "promote" only."""
        if operation == "decref":
            self.strong -= 1
            if self.strong == 0:
                self.deleted.append(BOTH if self.weak == 1 else STRONG)
                self.weak -= 1
        elif operation == "weak_decref":
            self.weak -= 1
            if self.weak == 0:
                self.deleted.append(WEAK)
        elif operation == "weak_incref":
            self.weak += 1
        elif operation == "incref" or self.strong > 0:
            self.strong += 1
        else:
            return False
        return True


def legal(slots: dict[int, Model], step: Step) -> bool:
    """Whether a program may go on with ``step``."""
    operation, slot, _ = step
    model = slots.get(slot)
    if operation == "new":
        return model is None or model.gone
    return model is not None and model.allows(operation)


def advance(slots: dict[int, Model], step: Step) -> bool:
    """Carry out a legal step on the models; True if it succeeds, as only promotion may not."""
    operation, slot, _ = step
    if operation == "new":
        slots[slot] = Model()
        return True
    return slots[slot].apply(operation)


def told(program: Sequence[Step]) -> str:
    """The steps of a program, one a line."""
    lines = [
        f"{number}. object {slot}: a new {kind} object"
        if operation == "new"
        else f"{number}. object {slot}: {operation.replace('_', ' ')}"
        for number, (operation, slot, kind) in enumerate(program, 1)
    ]
    return "\n".join([*lines, f"{len(program) + 1}. whatever is left is dropped"])


@attrs.frozen
class _Real:
    made: Made
    log: CData


def _create(runtime: Runtime, kind: str) -> _Real:
    if kind == FOREIGN:
        obj, log = runtime.foreign()
        return _Real(Made(kind, obj), log)
    made = make(runtime, kind)
    return _Real(made, made.watch(runtime))


def replay(runtime: Runtime, program: Sequence[Step]) -> None:
    """Run a legal program and compare counts and deletions after each step.

    Ends with dropping whatever is left. Raises AssertionError where the library and
    the model part.
    """
    models: dict[int, Model] = {}
    real: dict[int, _Real] = {}
    do: dict[str, Callable[[CData], object]] = {
        "incref": runtime.incref,
        "decref": runtime.decref,
        "weak_incref": partial(runtime.helper, "cts_weak_incref"),
        "weak_decref": partial(runtime.helper, "cts_weak_decref"),
        "promote": partial(runtime.helper, "cts_weak_promote"),
    }

    def run(step: Step) -> None:
        operation, slot, kind = step
        expected = advance(models, step)
        if operation == "new":
            real[slot] = _create(runtime, kind)
        else:
            made = real[slot].made
            result = do[operation](made.obj)
            if operation == "promote" and result and not expected and made.shared:
                runtime.decref(made.obj)  # somebody else kept it alive
            elif operation == "promote":
                assert bool(result) == expected, (
                    f"promotion of a weak reference {'succeeded' if result else 'failed'}, "
                    f"with {models[slot].strong} strong references"
                )
        _compare(runtime, models[slot], real[slot], operation)

    for step in program:
        run(step)
    for slot, model in models.items():
        kind = real[slot].made.kind
        while model.strong:
            run(("decref", slot, kind))
        while model.weak:
            run(("weak_decref", slot, kind))


def _compare(runtime: Runtime, model: Model, real: _Real, operation: str) -> None:
    made, when = real.made, f"after {operation} on the {real.made.kind} object"
    made.expect_deletions(real.log, model.deleted, when)
    made.expect_released(0 if model.strong else 1, when)
    if model.gone:
        return
    counts = runtime.counts(made.obj)
    if made.shared:  # how many others there are may have changed meanwhile
        assert counts[0] >= model.strong and counts[1] >= model.weak, (
            f"{when}: (strong, weak) is {counts}, of which {(model.strong, model.weak)} are ours"
        )
    else:
        assert counts == (model.strong, model.weak), (
            f"{when}: (strong, weak) is {counts}, where {(model.strong, model.weak)} is due"
        )
