"""A lock between processes on one machine: they queue in the kernel, fairly, and a killed one lets go by itself."""

import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)

    def _unlock(file: IO[str]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _unlock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


class Gate:
    """`shut` waits for the other processes; `open` lets the next one in."""

    def __init__(self, path: str) -> None:
        self._file = open(path, "w")

    def shut(self) -> None:
        _lock(self._file)

    def open(self) -> None:
        _unlock(self._file)

    def close(self) -> None:
        self._file.close()
