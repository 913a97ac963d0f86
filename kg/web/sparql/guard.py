"""Takes from a process what it must not have, then becomes the program named on its command line.

Run as a script of its own, so that nothing is done between fork and exec of a process with threads, and with nothing
imported but the standard library, so that it takes milliseconds: ``guard.py MEMORY PARENT PROGRAM [ARGUMENT…]``.

The program dies with its parent, writes no core file, can use so many bytes of memory and has no network: the kernel
refuses it every socket but those that it was given. Where the kernel cannot promise that, the program is not started.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
from contextlib import suppress
from pathlib import Path

_SET_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER, _KILL = 1, 38, 22, 2, 9
# Values and layouts of the kernel's interface: linux/filter.h, linux/seccomp.h, linux/audit.h.
_LOAD, _IF_EQUAL, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER_AT, _MACHINE_AT = 0, 4
_ALLOW, _REFUSE, _KILL_PROCESS = 0x7FFF0000, 0x00050000 | 13, 0x80000000
_OTHER_CALLS = 0x40000000
"""Bit of the numbers of x86-64's second table of calls, which would be a way round."""
_MACHINES = {
    # socket, connect, sendto, sendmsg, sendmmsg, ptrace
    "x86_64": (0xC000003E, (41, 42, 44, 46, 307, 101)),
    "aarch64": (0xC00000B7, (198, 203, 206, 211, 269, 117)),
}
_IO_URING = (425, 426, 427)
"""Calls by which the kernel would connect on the program's behalf; the same numbers on every machine."""
_LARGEST_FILE = 1 << 24
_STACK = 1 << 22
"""Bytes for what stands inside one another in a query; no more, so that a query is refused for it at once."""
CANNOT = 78
"""Exit code when the kernel or the machine cannot give the promise."""


def network_filter(machine: str) -> bytes | None:
    """Return the seccomp filter that leaves a program no way out, 8 bytes an instruction; None on unknown machines."""
    if machine not in _MACHINES:
        return None
    architecture, calls = _MACHINES[machine]
    program = [
        _step(_LOAD, _MACHINE_AT),
        _step(_IF_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL_PROCESS),
        _step(_LOAD, _NUMBER_AT),
        _step(_IF_ANY_BIT, _OTHER_CALLS, 0, 1),
        _step(_RETURN, _REFUSE),
    ]
    for number in (*calls, *_IO_URING):
        program += [_step(_IF_EQUAL, number, 0, 1), _step(_RETURN, _REFUSE)]
    program.append(_step(_RETURN, _ALLOW))
    return b"".join(program)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _close_the_network() -> bool:
    code = network_filter(platform.machine())
    if code is None:
        return False
    kernel = ctypes.CDLL(None, use_errno=True)
    instructions = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack("HP", len(code) // 8, ctypes.addressof(instructions)))
    steps = ((_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0), (_SET_SECCOMP, _FILTER, program, 0, 0))
    return all(kernel.prctl(*step) == 0 for step in steps)


def _limit(memory: int) -> None:
    # RLIMIT_DATA counts what is really asked for; RLIMIT_AS would also count the files that the store maps.
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_STACK, (_STACK, _STACK))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    # If the machine runs out of memory, these processes go first, not the site. A wish: some containers forbid it.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def main(arguments: list[str]) -> int:
    """Become the program; come back, with the exit code, only if it may not be started."""
    memory, parent, *command = arguments
    if sys.platform != "linux":
        return CANNOT
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, _KILL, 0, 0, 0)
    if os.getppid() != int(parent):  # it died before the line above
        return CANNOT
    _limit(int(memory))
    if _close_the_network():
        os.execv(command[0], command)
    return CANNOT


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
