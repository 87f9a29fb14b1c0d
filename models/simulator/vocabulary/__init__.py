"""The words of the made-up communities: data alone, of the types in `models.simulator.shapes`.

Every brand, place, club, person and address is invented; domains end in ``.example``, which nobody can own.
Within a list, order is rank: the simulator draws by Zipf's law, so the first words are the common ones.
"""

from typing import Final

from models.simulator.vocabulary.allotments import ALLOTMENTS
from models.simulator.vocabulary.city_cycling import CITY_CYCLING
from models.simulator.vocabulary.climate_action import CLIMATE_ACTION
from models.simulator.vocabulary.coffee_roasting import COFFEE_ROASTING
from models.simulator.vocabulary.indie_games import INDIE_GAMES
from models.simulator.vocabulary.k_drama import K_DRAMA
from models.simulator.vocabulary.keyboards import KEYBOARDS
from models.simulator.vocabulary.marejada_ultras import MAREJADA_ULTRAS
from models.simulator.vocabulary.night_nurses import NIGHT_NURSES
from models.simulator.vocabulary.retro_handhelds import RETRO_HANDHELDS
from models.simulator.vocabulary.trail_running import TRAIL_RUNNING
from models.simulator.vocabulary.vinyl_collecting import VINYL_COLLECTING

VOCABULARIES: Final = (
    RETRO_HANDHELDS,
    TRAIL_RUNNING,
    COFFEE_ROASTING,
    CLIMATE_ACTION,
    INDIE_GAMES,
    VINYL_COLLECTING,
    CITY_CYCLING,
    K_DRAMA,
    ALLOTMENTS,
    KEYBOARDS,
    NIGHT_NURSES,
    MAREJADA_ULTRAS,
)
"""In the order in which a simulation of fewer communities takes them."""
