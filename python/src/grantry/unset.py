"""The difference between null and nothing said."""

from __future__ import annotations

import enum


class Unset(enum.Enum):
    """``UNSET`` stands for an argument that was not given, where None means null."""

    UNSET = "UNSET"

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset.UNSET
