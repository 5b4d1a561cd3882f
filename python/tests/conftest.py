from __future__ import annotations

from collections.abc import Iterator

import pytest

from scene import Scene, from_environment


@pytest.fixture(scope="session")
def scene() -> Iterator[Scene]:
    found = from_environment()
    if found is None:
        pytest.skip("needs a Grantry server: GRANTRY_URL, GRANTRY_API_KEY and GRANTRY_TEST_SANDBOX")
    with found.http:
        yield found


@pytest.fixture(autouse=True)
def no_environment_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRANTRY_END_USER", raising=False)
