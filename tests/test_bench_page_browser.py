# SPDX-License-Identifier: Apache-2.0
"""The HTML page of a benchmark in a real browser: on a phone, in both colour schemes, and used."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ffi_cts.bench.model import METERS, Benchmark
from ffi_cts.bench.page.render import render
from test_bench_page import HOSTILE, RELEASES, Values, benchmark, full

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
Browse = Callable[..., dict[str, Any]]


@pytest.fixture
def browse(tmp_path: Path) -> Browse:
    """Opens a page in a frame of a given width, and gives what a script finds in it."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: what a browser shows is not tested")
    chromium = CHROMIUM

    def open_page(page: str, script: str, *, width: int = 1280, dark: bool = False) -> Any:
        (tmp_path / "page.html").write_text(page, encoding="utf-8")
        frame = tmp_path / "frame.html"
        # The page is left as it is; its policy would not run a test's script.
        frame.write_text(
            f'<iframe style="width:{width}px;height:900px;border:0" src="page.html"></iframe>'
            '<pre id="out"></pre><script>onload = () => { const frame = '
            'document.querySelector("iframe").contentWindow; const page = frame.document; '
            "document.getElementById('out').textContent = JSON.stringify((() => { "
            f"{script} }})()); }};</script>"
        )
        done = subprocess.run(
            [
                *(chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom"),
                *("--allow-file-access-from-files", "--enable-logging=stderr"),
                *("--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND"),
                *("--virtual-time-budget=5000", f"--user-data-dir={tmp_path / 'profile'}"),
                *([f"--blink-settings=preferredColorScheme={0 if dark else 1}"]),
                frame.as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "CONSOLE" not in done.stderr
        found = re.search(r'<pre id="out">(.*?)</pre>', done.stdout, flags=re.DOTALL)
        assert found, done.stderr[-2000:]
        return json.loads(html.unescape(found[1]))

    return open_page


LOOK = """
    const style = frame.getComputedStyle(page.body);
    for (const part of page.querySelectorAll("details")) part.open = true;
    return {over: page.documentElement.scrollWidth - page.documentElement.clientWidth,
            resources: frame.performance.getEntriesByType("resource").map((e) => e.name),
            paper: style.backgroundColor, ink: style.color};
"""
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
