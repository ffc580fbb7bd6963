"""The Linux system calls of confinement, which Python's standard library does not have.

Numbers: linux/sched.h, linux/mount.h, linux/prctl.h and the system call tables of Linux 6.12;
`mount_setattr` has the same number on every architecture and exists since Linux 5.12 (2021).
"""

from __future__ import annotations

import ctypes
import os
import platform
from pathlib import Path

NEW_MOUNTS = 0x00020000  # CLONE_NEWNS
NEW_IPC = 0x08000000
NEW_USER = 0x10000000
NEW_PROCESSES = 0x20000000  # CLONE_NEWPID

NO_SUID = 2
NO_DEVICES = 4
NO_EXECUTION = 8
_BIND = 4096
_RECURSIVE = 16384
_SLAVE = 1 << 19
_DETACH = 2

_MOUNT_SETATTR = 442
_AT_CURRENT_FOLDER = -100
_AT_RECURSIVE = 0x8000
_ATTRIBUTE_READ_ONLY = 1
_ATTRIBUTE_NO_SUID = 2
_ATTRIBUTE_NO_DEVICES = 4

_END_SIGNAL_OF_PARENT = 1  # PR_SET_PDEATHSIG
_NO_NEW_PRIVILEGES = 38

PIVOT_ROOT = {
    "aarch64": 41,
    "armv7l": 218,
    "i686": 217,
    "ppc64le": 203,
    "riscv64": 41,
    "s390x": 217,
    "x86_64": 155,
}
"""The number of `pivot_root`, for which the C library has no function."""


class _MountAttributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


_library = ctypes.CDLL(None, use_errno=True)


def leave(namespaces: int) -> None:
    """Move this process (its later children, for process numbers) to namespaces of its own."""
    _check(_library.unshare(ctypes.c_int(namespaces)), "unshare")


def become(user: int, group: int) -> None:
    """In a new user namespace: be known as `user` and `group`, which are this process's own."""
    owner, owner_group = os.getuid(), os.getgid()
    leave(NEW_USER | NEW_PROCESSES | NEW_IPC)
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny")
    (own / "uid_map").write_text(f"{user} {owner} 1")
    (own / "gid_map").write_text(f"{group} {owner_group} 1")


def keep_mounts_apart() -> None:
    """Leave what is mounted from now on unknown to the rest of the machine."""
    leave(NEW_MOUNTS)
    _mount(None, "/", None, _SLAVE | _RECURSIVE)


def bind(source: str, target: str) -> None:
    """Show the file or folder `source` also at `target`, which exists."""
    _mount(source, target, None, _BIND | _RECURSIVE)


def mount_new(kind: str, target: str, flags: int, options: str | None = None) -> None:
    """Mount a new file system of a kind: `tmpfs`, `proc`, `devpts`."""
    _mount(kind, target, kind, flags, options)


def restrict(target: str, *, read_only: bool, recursive: bool = True) -> None:
    """Take set-user-ID programs and device files of a mount out of effect, or all writing."""
    wanted = _ATTRIBUTE_NO_SUID | _ATTRIBUTE_NO_DEVICES
    wanted |= _ATTRIBUTE_READ_ONLY if read_only else 0
    attributes = _MountAttributes(set=wanted)
    result = _library.syscall(
        ctypes.c_long(_MOUNT_SETATTR),
        ctypes.c_int(_AT_CURRENT_FOLDER),
        os.fsencode(target),
        ctypes.c_uint(_AT_RECURSIVE if recursive else 0),
        ctypes.byref(attributes),
        ctypes.c_size_t(ctypes.sizeof(attributes)),
    )
    _check(result, f"mount_setattr {target}")


def exchange_root(new: str, place_of_old: str) -> None:
    """Make the mount at `new` the root; the root before it is then at `place_of_old`."""
    number = PIVOT_ROOT.get(platform.machine())
    if number is None:
        raise OSError(f"pivot_root is not known for {platform.machine()}")
    result = _library.syscall(ctypes.c_long(number), os.fsencode(new), os.fsencode(place_of_old))
    _check(result, "pivot_root")


def detach(target: str) -> None:
    """Take a mount, and all below it, away."""
    _check(_library.umount2(os.fsencode(target), ctypes.c_int(_DETACH)), f"umount {target}")


def end_with_parent(number: int) -> None:
    """Let the kernel send this signal to this process when its parent ends."""
    _control(_END_SIGNAL_OF_PARENT, number)


def renounce_privileges() -> None:
    """Never gain privileges from a program's file again."""
    _control(_NO_NEW_PRIVILEGES, 1)


def _control(option: int, value: int) -> None:
    arguments = [ctypes.c_ulong(number) for number in (value, 0, 0, 0)]
    _check(_library.prctl(ctypes.c_int(option), *arguments), f"prctl {option}")


def _mount(
    source: str | None, target: str, kind: str | None, flags: int, options: str | None = None
) -> None:
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    data = None if options is None else options.encode()
    _check(_library.mount(*texts, ctypes.c_ulong(flags), data), f"mount {target}")


def _check(result: int, call: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
