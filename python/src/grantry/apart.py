"""What belongs to each credential of a client by itself."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

#: Credentials that are remembered; beyond, those that were not used for longest are forgotten.
KEPT = 1000


class Apart(Generic[T]):
    """One client may ask as one end user after the other, where its token is a function: what Grantry gave to the one is
    nothing to the other. Threads may share it."""

    def __init__(self, credential: Callable[[], str | None], make: Callable[[], T]) -> None:
        self._credential = credential
        self._make = make
        self._lock = threading.Lock()
        self._all: OrderedDict[str | None, T] = OrderedDict()

    def own(self) -> T:
        """Of the credential that is asked with now."""
        credential = self._credential()
        with self._lock:
            found = self._all.pop(credential, None) or self._make()
            self._all[credential] = found
            if len(self._all) > KEPT:
                self._all.popitem(last=False)
        return found
