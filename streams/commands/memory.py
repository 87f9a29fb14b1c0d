"""How much memory this process has, as the system counts it."""

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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_UNIT_BYTES
    # Linux brings the two counters up to date at different moments.
    return max(peak, resident_bytes() or 0)
