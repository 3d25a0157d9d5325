# SPDX-License-Identifier: Apache-2.0
"""Pages in a real browser."""

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
"""What a look at a page finds: run it with `browse`."""
