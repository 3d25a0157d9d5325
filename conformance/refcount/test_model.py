# SPDX-License-Identifier: Apache-2.0
"""Any legal history of references, compared with a model step by step."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from ffi_cts.checks import Runtime, clause, isolated
from ffi_cts.checks.counting import FOREIGN, OPERATIONS, Model, Step, advance, legal, replay, told
from ffi_cts.checks.kinds import kinds
from ffi_cts.engine.marks import stateful

SLOTS = st.integers(0, 2)


class History(RuleBasedStateMachine):
    """Records a program; the library is not touched before the program is complete."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__()
        self.runtime = runtime
        self.program: list[Step] = []
        self.models: dict[int, Model] = {}

    @rule(slot=SLOTS, kind=st.just(FOREIGN) | kinds)
    def create(self, slot: int, kind: str) -> None:
        self._append(("new", slot, kind))

    @rule(slot=SLOTS, operation=st.sampled_from(OPERATIONS))
    def change(self, slot: int, operation: str) -> None:
        self._append((operation, slot, ""))

    def _append(self, step: Step) -> None:
        if legal(self.models, step):
            advance(self.models, step)
            self.program.append(step)

    def teardown(self) -> None:
        program = tuple(self.program)
        isolated(lambda: replay(self.runtime, program), key=repr(program), steps=told(program))


@clause("REF-MODEL-01")
@stateful
def test_history_of_references_agrees_with_the_model(runtime: Runtime) -> None:
    # A factory will do, its documentation says.
    run_state_machine_as_test(lambda: History(runtime), settings=settings())  # type: ignore[arg-type]
