"""The package as it is published."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

import pytest
from flit_core import buildapi

import grantry

root = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        return folder / buildapi.build_wheel(str(folder))


def test_it_is_built_and_can_be_imported(wheel: Path) -> None:
    assert wheel.name == f"grantry-{grantry.__version__}-py3-none-any.whl"
    code = f"import sys; sys.path.insert(0, {str(wheel)!r}); import grantry; print(grantry.__file__, grantry.Agent.__name__)"
    ran = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == f"{wheel}/grantry/__init__.py Agent"
    # Google's clients are not loaded before somebody asks for credentials.
    code = code.replace("print(", "assert 'google' not in sys.modules; print(")
    subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True)


def test_it_has_its_types_and_its_one_dependency(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        told = archive.read(f"grantry-{grantry.__version__}.dist-info/METADATA").decode()
    assert "grantry/py.typed" in names
    assert [name for name in names if "test" in name] == []
    required = [line for line in re.findall(r"^Requires-Dist: ([\w-]+)(?!.*extra ==)", told, re.M)]
    assert required == ["httpx", "typing_extensions"]
    assert "License-Expression: Apache-2.0" in told


def test_it_is_python_3_10() -> None:
    for path in root.glob("src/**/*.py"):
        ast.parse(path.read_text(), feature_version=(3, 10))


@pytest.mark.skipif(not (root / "../docs").exists(), reason="not in Grantry's repository")
def test_the_licences_of_what_it_uses_are_those_that_are_told() -> None:
    text = (root / "../docs/dependencies.md").read_text()
    rows = re.findall(r"^\| (\S+) \| ([^|]+) \|", text[text.index("## Python") :], re.M)
    told = {name: licence for name, licence in rows if find(name)}
    assert len(told) > 5
    said = {name: licence_of(found) for name in told if (found := find(name))}
    assert {name: licence.replace("Apache 2.0", "Apache-2.0") for name, licence in said.items()} == told


def find(name: str) -> PackageMetadata | None:
    try:
        return metadata(name)
    except PackageNotFoundError:
        return None


def licence_of(found: PackageMetadata) -> str:
    return found["License-Expression" if "License-Expression" in found else "License"]
