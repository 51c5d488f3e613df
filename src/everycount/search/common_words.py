"""Words that say nothing beside others."""

from typing import Final

COMMON: Final = (
    "a an the of and or to in on at for by with from as is are was be than per can what which who "
    "how many much there where do does it its all any between among "
    "le la les l un une des de du d et ou au aux en dans par pour sur avec qui que qu est sont "
    "quel quelle combien "
    "el los las una unos unas del y o al con para por sin entre es son cual cuanto cuantas cuantos "
    "và của các có cho trong về là được theo với những này tại từ trên ở bao nhiêu "
    "في من على إلى عن مع بين هل ما كم هو هي و أو التي الذي"
)
"""Of the five languages of the portal, with small question words; our own lists."""
