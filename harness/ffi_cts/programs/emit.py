# SPDX-License-Identifier: Apache-2.0
"""A C program out of a record: it carries out the steps, and says whether the deviation is seen.

It goes on as long as everything comes out as it did when it was recorded. A library without the
deviation sooner or later does otherwise: then it is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from shlex import quote

import attrs

from ffi_cts.abi import load
from ffi_cts.programs import helpers, literals
from ffi_cts.programs.loops import rolled
from ffi_cts.programs.record import Step
from ffi_cts.report.words import visible

_WORD = re.compile(r"[A-Za-z_]\w*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_ABI_HEADERS = ("dlpack/dlpack.h", "tvm/ffi/c_api.h", "tvm/ffi/extra/c_env_api.h")
_SYSTEM_HEADERS = ("malloc.h", "stdint.h", "stdio.h", "stdlib.h", "string.h")
_MORE_HEADERS = {
    "dlfcn.h": r"\bdl(open|sym)\b",
    "errno.h": r"\b(errno|E[A-Z]{3,})\b",
    "math.h": r"\b(NAN|INFINITY)\b",
    "pthread.h": r"\bpthread_",
    "sched.h": r"\b(cpu_set_t|sched_\w+)\b",
    "signal.h": r"\b(signal|sigaction)\(",
    "sys/mman.h": r"\bmmap\b",
    "sys/resource.h": r"\bsetpriority\b",
    "sys/syscall.h": r"\bSYS_",
    "time.h": r"\b(clock_gettime|timespec|nanosleep)\b",
    "unistd.h": r"\b(write|syscall|sysconf|alarm|_exit|usleep|getpid|fork)\(",
}
_HANGS_AFTER = 20

_REPLACED = {
    "cts_heap_in_use": (
        "static size_t cts_heap_in_use(void) {\n"
        "  struct mallinfo2 info = mallinfo2();\n"
        "  return info.uordblks + info.hblkhd;\n"
        "}"
    )
}

_PRELUDE = r"""
#define SEEN 1
#define NOT_SEEN 0
"""
_CALL = r"""
/* A call is named before it is made: it may be the last. */
static void call(const char* text) {
  printf("%s\n", text);
  fflush(stdout);
}
"""
_OTHERWISE = r"""
static int otherwise(const char* what) {
  printf("not so here: %s\nthe deviation is not seen\n", what);
  return NOT_SEEN;
}
"""
_NO_LEAKS = r"""
/* What is still there at the end is not what this is about. */
const char* __asan_default_options(void);
const char* __asan_default_options(void) { return "detect_leaks=0"; }
"""
_HANGS = r"""
static void hangs(int number) {
  static const char text[] = "it hangs, as it did: the deviation is seen\n";
  (void)number;
  if (write(1, text, sizeof(text) - 1) < 0) _exit(2);
  _exit(SEEN);
}
"""


@attrs.frozen(kw_only=True)
class Account:
    """What the suite says of the deviation; ``end`` is fail, crash or timeout.

    ``frames`` are the places of the check and its helpers where it failed, innermost last, and
    ``asserting`` the lines of the assertion that failed; empty if it was no assertion.
    ``sanitizer`` is what the library was built with, as the compiler calls it.
    """

    check: str
    target: str
    library: str
    message: str
    example: str
    end: str
    frames: tuple[str, ...] = ()
    asserting: range = range(0)
    companions: tuple[tuple[str, str], ...] = ()
    include: str = "INCLUDE"
    sanitizer: str = ""


@attrs.frozen
class Program:
    """The text, and whether it can tell by itself that the deviation is there."""

    text: str
    tells: bool
    why_not: str = ""


def emit(steps: Sequence[Step], account: Account, output: str) -> Program:
    """Make the program; ``output`` is the name of its file, for the command that compiles it."""
    steps, decides = _ending(list(steps), account)
    why_not = "" if decides else "What the check compares at the end is not in C's memory."
    cannot = list(dict.fromkeys(step.text for step in steps if step.kind == "cannot"))
    if not any(step.kind == "call" for step in steps):
        decides, why_not = False, "The check makes no call that C could make."
    steps = _alive(steps)
    body = _body(steps, account, decides)
    leaks_apart = account.sanitizer == "address" and "LeakSanitizer" not in account.message
    code = "\n".join(
        [
            _PRELUDE,
            *([_CALL] if "  call(" in body else []),
            *([_OTHERWISE] if "otherwise(" in body else []),
            *([_NO_LEAKS] if leaks_apart else []),
            *([_HANGS] if "hangs)" in body else []),
            *_helpers(steps, account, body),
            "int main(int argc, char** argv) {",
            "  (void)argc, (void)argv;",
            "  mallopt(M_PERTURB, 0xA5); /* what is freed, or never written, shows */",
            body,
            "}",
            "",
        ]
    )
    more = {name for name, used in _MORE_HEADERS.items() if re.search(used, code)}
    text = "\n".join(
        [
            _head(account, output, cannot, why_not),
            "#define _GNU_SOURCE",
            *(f"#include <{name}>" for name in sorted(more.union(_SYSTEM_HEADERS))),
            "",
            *(f"#include <{name}>" for name in _ABI_HEADERS),
            code,
        ]
    )
    return Program(text, decides, why_not)


def _head(account: Account, output: str, cannot: list[str], why_not: str) -> str:
    binary = Path(output).stem
    flags = [quote(f"-Wl,-rpath,{Path(account.library).parent}"), "-pthread", "-ldl"]
    flags += [f"-fsanitize={account.sanitizer}"] if account.sanitizer else []
    lines = [
        f"cc -std=gnu11 {quote(output)} -I {quote(account.include)} {quote(account.library)} \\",
        f"   {' '.join(flags)} -o {quote(binary)} && {quote(f'./{binary}')}",
        "",
        f"{account.check}",
        f"of {account.target}: {account.end}",
        *account.message.splitlines(),
        *(["", "Example:", *account.example.splitlines()] if account.example else []),
        "",
        "The exit code is 1 if the deviation is seen, 0 if not; or it dies as it did.",
    ]
    if cannot or why_not:
        lines += ["", "Not said in C:", *(f"- {each}" for each in [*cannot, why_not] if each)]
    # Names of files and texts of a library hold what they like, ends of lines included.
    shown = [part for line in lines for part in visible(line).split("\n")]
    return "/*\n" + "\n".join(f" * {literals.comment(line)}".rstrip() for line in shown) + "\n */"


def _ending(steps: list[Step], account: Account) -> tuple[list[Step], bool]:
    """The steps up to the one that decides, and whether there is such a one."""
    if account.end != "fail":
        return steps, any(step.kind == "call" for step in steps)
    last = _deciding(steps, account)
    if last is None:
        while steps and steps[-1].kind == "check":
            steps = steps[:-1]
        return steps, False
    return steps[: last + 1], True


def _deciding(steps: list[Step], account: Account) -> int | None:
    """Number of the comparison by which the check failed."""
    if not account.frames:
        return None
    file, line, function = _place(account.frames[-1])
    fallback = None
    for number in reversed(range(len(steps))):
        step = steps[number]
        if step.kind == "call":
            break
        if step.kind != "check":
            continue
        for place in step.frames:
            where, at, of = _place(place)
            if (where, of) != (file, function):
                continue
            if account.asserting:
                if at in account.asserting:
                    return number
            elif at < line:
                return number
        if fallback is None and step.type == "exact":
            fallback = number
    return fallback


def _place(text: str) -> tuple[str, int, int]:
    file, line, function = text.rsplit(":", 2)
    return file, int(line), int(function)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_STRING.sub("", text)))


def _alive(steps: list[Step]) -> list[Step]:
    """Without what is made or read and then not used."""
    made = {step.name for step in steps if step.kind == "new"}
    used: set[str] = set()
    for step in steps:
        if step.kind in ("call", "check"):
            used |= _words(step.c)
    if steps and steps[-1].kind == "read":
        used |= _words(steps[-1].c)
    before = -1
    while before != len(used):
        before = len(used)
        for step in steps:
            # What is written through a pointer may be seen through another one.
            target = step.name or _target(step.c)
            through = step.kind == "set" and target not in made
            if step.kind in _PASSIVE and (target in used or through):
                used |= _words(step.c)
    return [
        step
        for step in steps
        if step.kind not in _PASSIVE
        or (step.name or _target(step.c)) in used
        or (step.kind == "set" and (step.name or _target(step.c)) not in made)
    ]


_PASSIVE = frozenset({"new", "read", "set"})


def _target(c: str) -> str:
    """The variable that a statement writes to, as far as one can see."""
    text = re.sub(r"^\w+\((?:\(void\*\))?&?", "", c) if c.startswith("mem") else c
    found = _WORD.search(text.lstrip("(*&"))
    return found[0] if found else ""


def _body(steps: list[Step], account: Account, decides: bool) -> str:
    lines: list[str] = []
    for name, path in account.companions:
        if any(f"{name}_TVMFFI" in step.c or f"{name}_api" in step.c for step in steps):
            lines += _loading(name, path, steps)
    if account.end == "timeout":
        lines += ["  signal(SIGALRM, hangs);", f"  alarm({_HANGS_AFTER});"]
    final = steps[-1] if decides and account.end == "fail" else None
    known: set[str] = set()
    for loop in rolled([step for step in steps if step.kind in _SAID]):
        if loop.turns == 1:
            lines += _lines(loop.steps, account, final, known)
            continue
        lines.append(f"  for (int turn = 0; turn < {loop.turns}; ++turn) {{")
        # What depends on the turn is compared in each.
        inside = _lines(loop.steps, account, final, set())
        lines += [f"  {_first_turn_only(line)}" for line in inside]
        lines.append("  }")
    if account.end == "crash":
        lines += ['  return otherwise("the library survives");']
    elif account.end == "timeout":
        lines += ['  return otherwise("it comes back");']
    elif not decides:
        lines += ['  puts("what is due is for the suite to judge");', "  return NOT_SEEN;"]
    return "\n".join(lines)


_SAID = frozenset({"new", "read", "set", "call", "check"})


def _lines(
    steps: Sequence[Step], account: Account, final: Step | None, known: set[str]
) -> list[str]:
    """The statements of steps; conditions that are ``known`` hold already."""
    lines: list[str] = []
    for step in steps:
        if step.kind in _PASSIVE:
            lines += [f"  {step.c}"] if step.c else []
        elif step.kind == "call":
            lines += _call(step)
        elif step is final:
            lines += _decision(step, account)
        elif (condition := _condition(step)) not in known:
            known.add(condition)
            lines.append(condition)
    return lines


def _first_turn_only(line: str) -> str:
    told = line.startswith(("  call(", "  printf("))
    return f"  if (turn == 0) {line.lstrip()}" if told else line


def _loading(name: str, path: str, steps: list[Step]) -> list[str]:
    functions = sorted(
        {
            word.removeprefix(f"{name}_")
            for step in steps
            for word in _words(step.c)
            if word.startswith(f"{name}_TVMFFI")
        }
    )
    lines = [
        f"  /* {literals.comment(path)}, or what is named as an argument, is the other library. */",
        f"  const char* {name}_path = argc > 1 ? argv[1] : {literals.string(path.encode())};",
        f"  void* {name} = dlopen({name}_path, RTLD_NOW);",
        f'  if ({name} == NULL) return fprintf(stderr, "%s\\n", dlerror()), 2;',
    ]
    return lines + [f'  *(void**)&{name}_{each} = dlsym({name}, "{each}");' for each in functions]


def _call(step: Step) -> list[str]:
    text = literals.string(step.text.encode("utf-8", "backslashreplace"), "       ")
    lines = [f"  call({text});"]
    if not step.type:
        return [*lines, f"  {step.c};"]
    lines.append(f"  {step.type} = {step.c};")
    if "*" in step.type:
        return [
            *lines,
            f'  printf("  returned %s\\n", {step.name} == NULL ? "NULL" : "a pointer");',
        ]
    if re.match(r"TVMFFI|DL", step.type):
        return [*lines, f"  (void){step.name};"]
    return [*lines, f'  printf("  returned %lld\\n", (long long){step.name});']


def _condition(step: Step) -> str:
    told = f"{_told(step)} {step.due}" if step.outcome else f"not {_told(step)} {step.due}"
    text = literals.string(told.encode("utf-8", "backslashreplace"))
    negation = f"!({step.c})" if step.outcome else step.c
    return f"  if ({negation}) return otherwise({text});"


def _decision(step: Step, account: Account) -> list[str]:
    condition = step.c if step.outcome else f"!({step.c})"
    what = account.message.splitlines()
    said = literals.string((what[0] if what else "").encode("utf-8", "backslashreplace"))
    due = step.due if not step.outcome else f"not {step.due}"
    text = literals.string(due.encode("utf-8", "backslashreplace"))
    lines = [f'  if (!({condition})) return otherwise("it is " {text});']
    if step.found and step.type in ("signed", "unsigned", "exact"):
        form, kind = ("%llu", "uint64_t") if step.type == "unsigned" else ("%lld", "long long")
        kind = "unsigned long long" if step.type == "unsigned" else kind
        lines.append(f'  printf("expected %s, got {form}\\n", {text}, ({kind}){step.found});')
    elif step.found and step.type == "double":
        lines.append(f'  printf("expected %s, got %g\\n", {text}, (double){step.found});')
    else:
        lines.append(f'  printf("expected %s, got something else\\n", {text});')
    lines += [f'  printf("%s\\nthe deviation is seen\\n", {said});', "  return SEEN;"]
    return lines


def _told(step: Step) -> str:
    name = step.found or step.c.partition(" ")[0]
    return re.sub(r"\((?:u?int64_t|uintptr_t)\)", "", name)


def _helpers(steps: list[Step], account: Account, body: str) -> list[str]:
    words = set().union(*(_words(step.c) for step in steps)) if steps else set()
    roots = {word for word in words if word.startswith(("cts_", "CTS_"))}
    roots |= {name for step in steps for name in step.helpers if name in words}
    apis = [
        name
        for name in ("api", *(f"{each}_api" for each, _ in account.companions))
        if name in words
    ]
    if apis:
        roots.add("cts_api")
    texts = []
    for text in helpers.needed(roots):
        replaced = next(
            (own for name, own in _REPLACED.items() if f"{name}(void) {{" in text), None
        )
        texts.append(replaced or text)
    found = "\n\n".join(text for text in texts if text.strip())
    for name, _ in account.companions:
        for each in sorted(word for word in words if word.startswith(f"{name}_TVMFFI")):
            function = each.removeprefix(f"{name}_")
            found = f"static __typeof__(&{function}) {each};\n" + found
    for name in apis:
        found += "\n\n" + _api(name, found, account)
    return [found + "\n"] if found else []


def _api(name: str, code: str, account: Account) -> str:
    """The table through which helpers call a library; only with what they call."""
    functions = {function.name for function in load().abi.functions}
    used = sorted(
        {field for field in re.findall(r"api->(\w+)", code) if f"TVMFFI{field}" in functions}
    )
    fields = "\n".join(f"    .{field} = TVMFFI{field}," for field in used)
    return f"static const cts_api {name} = {{\n{fields}\n}};"
