"""The samples of docs/sdk-python.md, in their order, as one program; changed is only where Gmail is, and who u_17 is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import googleapiclient.discovery_cache
import httpx
import pytest
from scene import Scene

guide = Path(__file__).parents[2] / "docs/sdk-python.md"
google = "https://gmail.googleapis.com"


@pytest.mark.skipif(not guide.exists(), reason="not in Grantry's repository")
def test_every_sample_runs(scene: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    described = googleapiclient.discovery_cache.get_static_doc
    monkeypatch.setattr(
        googleapiclient.discovery_cache,
        "get_static_doc",
        lambda *which: described(*which).replace(google, scene.gmail),
    )
    scene.grantry.workspace.update(return_urls=["https://app.example.com/settings"])
    ada = scene.someone("u_17")
    scene.connect(ada)
    text = guide.read_text()
    program: dict[str, Any] = {}
    printed = []
    for sample in re.findall(r"^```python\n(.*?)^```", text, re.S | re.M):
        exec(sample.replace(google, scene.gmail).replace("u_17", ada), program)
        printed.append(capsys.readouterr().out)
    assert len(printed) == text.count("```python") > 8

    told = "".join(printed)
    assert told.startswith("default\n")
    # By httpx, by requests, through the proxy, in asyncio.
    assert told.count("ada@example.com\n") == 4
    assert "Not connected yet." in told and "Refused" not in told
    assert len(program["messages"]["messages"]) == 4
    assert program["token"] not in told and scene.api_key not in told

    session = program["session"]
    start = scene.http.get(session["connect_url"])
    wish = {"url": start.headers["location"], "account": "ada@example.com"}
    back = scene.http.get(scene.control("POST", "/consent", wish)["location"])
    query = dict(httpx.URL(back.headers["location"]).params)
    assert program["settings_page"](query, ada, session["id"]) == "Connected as ada@example.com."
