"""Made-up posts of made-up communities, with the truth about what breaks in them: see `Simulation`."""

from models.simulator.feed import SimulatedPost
from models.simulator.simulation import Simulation
from models.simulator.truth import TRUTH_COLUMNS, Launch, truth_row
from models.simulator.vocabulary import VOCABULARIES

__all__ = ["TRUTH_COLUMNS", "VOCABULARIES", "Launch", "SimulatedPost", "Simulation", "truth_row"]
