"""How much memory this process has, as the system counts it."""

import re
import resource
import sys
from pathlib import Path
from typing import Final

_PAGE_BYTES: Final = resource.getpagesize()
_PEAK_UNIT_BYTES: Final = 1 if sys.platform == "darwin" else 1024
"""macOS counts the peak in bytes, Linux in KiB."""


def resident_bytes() -> int | None:
    """Return what is in memory now; None where the system does not tell, as outside Linux."""
    try:
        fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    except OSError:
        return None
    return int(fields[1]) * _PAGE_BYTES


def peak_bytes() -> int:
    """Return the most that was in memory at once."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        status = ""
    # Not `ru_maxrss` where there is this: on Linux it counts what the parent had before this program began.
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    if found is not None:
        return int(found[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_UNIT_BYTES
