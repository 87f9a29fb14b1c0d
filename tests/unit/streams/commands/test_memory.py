import sys

import pytest

from streams.commands.memory import peak_bytes, resident_bytes

MIB = 1024 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_resident_memory_counts_what_is_in_use():
    before = resident_bytes()
    block = bytearray(b"x" * 64 * MIB)
    assert resident_bytes() - before > 32 * MIB
    assert len(block) == 64 * MIB


def test_the_peak_is_no_less_than_what_is_resident():
    assert peak_bytes() > 5 * MIB
    assert peak_bytes() >= (resident_bytes() or 0)
