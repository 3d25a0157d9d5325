# SPDX-License-Identifier: Apache-2.0
"""What a process prints, kept within bounds."""

from __future__ import annotations

_HEAD, _TAIL = 2048, 6144


class Output:
    """Head and tail of a stream that may be endless; what lies between is counted only.

    Args:
        head: bytes kept of the beginning.
        tail: bytes kept of the end.
    """

    def __init__(self, head: int = _HEAD, tail: int = _TAIL) -> None:
        self._room = head
        self._kept = tail
        self._head = b""
        self._tail = b""
        self._dropped = 0

    def feed(self, data: bytes) -> None:
        """Take in what comes next."""
        room = self._room - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        self._tail += data
        excess = len(self._tail) - self._kept
        if excess > 0:
            self._dropped += excess
            self._tail = self._tail[excess:]

    def text(self) -> str:
        """What is kept, with a note where something was left out."""
        gap = f"\n[… {self._dropped} bytes left out …]\n".encode() if self._dropped else b""
        return (self._head + gap + self._tail).decode("utf-8", "replace")
