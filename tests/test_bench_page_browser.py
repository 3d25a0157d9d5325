# SPDX-License-Identifier: Apache-2.0
"""The HTML page of a benchmark in a real browser: on a phone, in both colour schemes, and used."""

from __future__ import annotations

import pytest

from ffi_cts.bench.model import METERS, Benchmark
from ffi_cts.bench.page.render import render
from support.browser import LOOK, Browse
from test_bench_page import HOSTILE, RELEASES, Values, benchmark, full

LONG = (f"/{'very' * 40}/libmine.so", "apache-tvm-ffi==0.1.15.post2")


@pytest.mark.parametrize(
    "made",
    [
        full(),
        benchmark(LONG, {"call.x": [10, 20], "y." + "long" * 30: [1, 90000]}, METERS),
        benchmark(LONG[:1], {"call.x": [10], "y.long": [90000]}, METERS),
        benchmark((HOSTILE, "b"), {HOSTILE: [10, 20]}, METERS),
    ],
    ids=["releases", "two", "one", "hostile"],
)
def test_a_phone_shows_it_without_scrolling_sideways(browse: Browse, made: Benchmark) -> None:
    seen = browse(render(made), LOOK, width=360)
    assert seen["over"] == 0
    assert seen["resources"] == []


def test_it_follows_the_reader_s_colours(browse: Browse) -> None:
    page = render(benchmark(("a", "b"), {"call.x": [10, 20]}))
    light, dark = browse(page, LOOK), browse(page, LOOK, dark=True)
    assert (light["paper"], light["ink"]) == ("rgb(255, 255, 255)", "rgb(28, 33, 38)")
    assert (dark["paper"], dark["ink"]) == ("rgb(20, 24, 28)", "rgb(227, 231, 235)")


def test_the_script_filters_orders_and_reads_out(browse: Browse) -> None:
    values: Values = {
        "call.x": [10, 10, 10, 10, 10],
        "call.y": [900, 900, 900, 900, 1800],
        "string.z": [50, 50, 70, 70, 70],
    }
    seen = browse(
        render(benchmark(RELEASES[:5], values, METERS)),
        """
        const form = page.querySelector(".controls");
        const cards = () => [...page.querySelectorAll(".card")].filter((c) => !c.hidden)
            .map((c) => c.querySelector("h5 code").textContent);
        const send = (e, kind) => e.dispatchEvent(new frame.Event(kind, {bubbles: true}));
        const found = {shown: !form.hidden, all: cards()};
        form.changed.checked = true; send(form.changed, "input"); found.changed = cards();
        form.changed.checked = false; form.text.value = "STRING"; send(form.text, "input");
        found.text = cards();
        found.rows = [...page.querySelectorAll("#tables tr[data-op]")]
            .filter((r) => !r.hidden).map((r) => r.dataset.op);
        form.text.value = "nothing"; send(form.text, "input");
        found.none = !page.querySelector(".none").hidden;
        form.text.value = ""; send(form.text, "input");
        form.meter.value = "time"; send(form.meter, "input");
        const visible = (p) => p.getClientRects().length > 0;
        found.meters = ["instructions", "time"].map((m) =>
            [...page.querySelectorAll(".panel." + m)].filter(visible).length);
        form.order.value = "cost"; send(form.order, "change"); found.cost = cards();
        const head = page.querySelector("table.all th.num");
        head.querySelector("button").click();
        found.sorted = [head.getAttribute("aria-sort"),
            [...page.querySelectorAll("table.all tbody")][0].rows[1].dataset.op];
        form.meter.value = ""; send(form.meter, "input");
        const panel = page.getElementById("op1").querySelectorAll(".panel")[1];
        const chart = panel.querySelector("svg");
        const box = chart.getBoundingClientRect();
        chart.dispatchEvent(new frame.PointerEvent("pointermove",
            {clientX: box.right - 3, clientY: box.top + 5}));
        found.read = panel.querySelector(".read").textContent;
        return found;
        """,
    )
    assert seen["shown"]
    assert seen["all"] == ["call.x", "call.y", "string.z"]
    assert seen["changed"] == ["call.y", "string.z"]
    assert seen["text"] == ["string.z"]
    assert seen["rows"] == ["string.z"] * 2
    assert seen["none"]
    assert seen["meters"] == [0, 3]
    assert seen["cost"] == ["call.y", "call.x", "string.z"]
    assert seen["sorted"] == ["descending", "call.y"]
    assert seen["read"] == "0.1.4: 450 (÷ previous 2.000)"
