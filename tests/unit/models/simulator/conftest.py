"""Two simulations that several tests look at."""

import pytest

from tests.support.simulated import DAY_MS, Run


@pytest.fixture(scope="session")
def busy():
    """Five days of all communities with many launches and decoys."""
    arguments = {"posts_per_hour": 30, "launches_per_week": 9, "decoys_per_week": 4}
    return Run(seed=4, duration_ms=5 * DAY_MS, **arguments)


@pytest.fixture(scope="session")
def quiet():
    """Four weeks of two communities in which nothing happens."""
    return Run(seed=6, communities=2, launches_per_week=0, decoys_per_week=0, duration_ms=28 * DAY_MS)
