# SPDX-License-Identifier: Apache-2.0
"""The HTML pages of reports in a real browser: on a phone, in both colour schemes, and used."""

from __future__ import annotations

import pytest

from ffi_cts.report.diff import compare
from ffi_cts.report.page import differences
from ffi_cts.report.page.render import render
from ffi_cts.results import Status
from support.browser import LOOK, Browse
from test_report import EMPTY, FULL, check, make_report
from test_report_page import CREATE, HOSTILE, deviation, whole

LONG = make_report(
    deviation("errors/" + "long" * 40, in_call="f(" + "x" * 400 + ")"),
    check(Status.PASS, id="errors/" + "long" * 40 + "b", profile="long" * 30),
)
WICKED = make_report(deviation(HOSTILE, message=HOSTILE, profile=HOSTILE))
PAGES = {
    "whole": render(whole()),
    "long": render(LONG),
    "hostile": render(WICKED),
    "empty": render(EMPTY),
    "diff": differences.render(compare(FULL, whole())),
    "long diff": differences.render(compare(LONG, WICKED)),
}

# Every text with its colour and the colour that is painted behind it, as WCAG measures them.
CONTRAST = """
    const channels = (text) => text.match(/[\\d.]+/g).map(Number);
    const light = (text) => channels(text).slice(0, 3).map((c) => c / 255)
        .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = (e) => {
        for (; e; e = e.parentElement) {
            const paint = frame.getComputedStyle(e).backgroundColor;
            if (channels(paint)[3] !== 0) return paint;
        }
    };
    for (const part of page.querySelectorAll("details")) part.open = true;
    const faint = new Set();
    let seen = 0;
    for (const e of page.querySelectorAll("body *")) {
        const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
        if (!own || !e.getClientRects().length || e.matches("script, option")) continue;
        seen++;
        const [a, b] = [light(frame.getComputedStyle(e).color), light(behind(e))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) faint.add(`${e.tagName}.${e.className} ${ratio}`);
    }
    return {faint: [...faint], seen};
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_it_without_scrolling_sideways(browse: Browse, name: str) -> None:
    seen = browse(PAGES[name], LOOK, width=390)
    assert seen["over"] == 0
    assert seen["resources"] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["whole", "diff"])
def test_its_tables_fit_on_a_phone_too(browse: Browse, name: str) -> None:
    script = """
        return {wide: [...page.querySelectorAll(".box")]
            .filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent)};
    """
    assert browse(PAGES[name], script, width=390)["wide"] == []


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["whole", "diff"])
def test_every_text_stands_out_in_both_schemes(browse: Browse, name: str, dark: bool) -> None:
    look = browse(PAGES[name], LOOK, dark=dark)
    assert look["paper"] == ("rgb(20, 24, 28)" if dark else "rgb(255, 255, 255)")
    found = browse(PAGES[name], CONTRAST, dark=dark)
    assert found["seen"] > 100
    assert found["faint"] == []


@pytest.mark.slow
def test_the_script_searches_filters_and_unfolds(browse: Browse) -> None:
    report = make_report(
        *(
            deviation(id, reproduce=f"ffi-cts run x --only {id}")
            for id in ("errors/create::one", "errors/create::two")
        ),
        deviation("values/tag::a", message="the type is wrong", profile="threads"),
        check(Status.PASS, id="values/tag::b", clauses=("ANY-LAYOUT-01",), message=""),
    )
    seen = browse(
        render(report),
        """
        const form = page.querySelector(".controls");
        const shown = (what) => [...page.querySelectorAll(what)]
            .filter((e) => !e.closest("[hidden]"));
        const ids = () => shown(".check").map((e) => e.querySelector("code").textContent);
        const rows = () => shown(".clauses tbody tr")
            .map((e) => e.querySelectorAll("p:not([hidden])").length);
        const send = (name, value) => { form.elements[name].value = value;
            form.elements[name].dispatchEvent(new frame.Event("input", {bubbles: true})); };
        const said = () => form.querySelector("output").textContent;
        const area = page.querySelector("details.area");
        const found = {shown: !form.hidden, all: ids(), rows: rows(), folded: !area.open};
        send("text", "TYPE  wrong"); found.text = [ids(), rows(), said()];
        found.unfolded = area.open;
        send("text", ""); found.folded_again = !area.open;
        send("status", "k-held"); found.held = [ids(), rows(), said()];
        found.sections = page.getElementById("deviations").hidden;
        send("status", ""); send("area", form.elements.area.options[2].value);
        found.area = [ids(), said()];
        send("text", "nothing like it");
        found.none = [said(), page.querySelector(".nothing").hidden];
        frame.location.hash = "#check-4";
        frame.dispatchEvent(new frame.Event("hashchange"));
        form.reset();
        const second = page.querySelectorAll("#deviations details.check")[0];
        frame.location.hash = "#" + second.id;
        frame.dispatchEvent(new frame.Event("hashchange"));
        found.opened = second.open;
        found.told = second.textContent;
        const field = form.elements.text;
        field.focus();
        found.focus = page.activeElement === field;
        found.named = [...page.querySelectorAll("a, button, input, select, summary")]
            .filter((e) => !(e.textContent.trim() || e.labels && e.labels.length)).length;
        return found;
        """,
    )
    assert seen["shown"]
    assert seen["all"] == ["values/tag::a", "errors/create::one", "errors/create::two"]
    assert sorted(seen["rows"]) == [1, 3]
    assert seen["folded"]
    assert seen["text"] == [["values/tag::a"], [1], "1 of 4 checks"]
    assert seen["unfolded"]
    assert seen["folded_again"]
    assert seen["held"] == [[], [1], "1 of 4 checks"]
    assert seen["sections"]
    assert seen["area"] == [["errors/create::one", "errors/create::two"], "2 of 4 checks"]
    assert seen["none"] == ["0 of 4 checks", False]
    assert seen["opened"]
    assert CREATE.text in seen["told"]
    assert "ffi-cts run x --only errors/create::two" in seen["told"]
    assert "ffi-cts reproduce x errors/create::two -o repro.c" in seen["told"]
    assert seen["focus"]
    assert seen["named"] == 0
