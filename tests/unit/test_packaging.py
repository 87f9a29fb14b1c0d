"""What is imported is declared, what is declared is locked, and the locks do not say where they were made."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.source import ROOT, modules

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")


def locked(lock: str) -> dict[str, str]:
    """Returns the version of each package that a lock names."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==([^ ]+)", text, flags=re.MULTILINE))


def declared(lock: str) -> list[Requirement]:
    """Returns what pyproject.toml wants in a lock."""
    groups = PYPROJECT["dependency-groups"]
    texts = PYPROJECT["project"]["dependencies"] + groups["install"]
    return [Requirement(text) for text in texts + (groups["dev"] if "dev" in lock else [])]


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_declared_is_locked(lock):
    versions = locked(lock)
    wrong = [
        f"{requirement}: {versions.get(canonicalize_name(requirement.name), 'missing')}"
        for requirement in declared(lock)
        if not requirement.specifier.contains(versions.get(canonicalize_name(requirement.name), "0"))
    ]
    assert not wrong, f"{lock} is behind pyproject.toml, run `make lock`: {wrong}"


def test_tests_run_with_the_versions_that_users_get():
    development = locked("requirements-dev.lock")
    wrong = {name: version for name, version in locked("requirements.lock").items() if development[name] != version}
    assert not wrong, f"requirements-dev.lock has other versions of these, run `make lock`: {wrong}"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_packages_and_hashes_only(lock):
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if re.search(r"://|@|^-|--(index-url|extra-index-url|find-links)| /", line)]
    assert not named, f"{lock} names a host, a folder or an option: {named}"


@pytest.mark.parametrize(
    ("folder", "lock"),
    [("models", LOCKS[0]), ("streams", LOCKS[0]), ("deploy", LOCKS[0]), ("tests", LOCKS[1])],
)
def test_what_is_imported_is_declared(folder, lock):
    names = {canonicalize_name(requirement.name) for requirement in declared(lock)}
    provided_by = packages_distributions()
    known = sys.stdlib_module_names | {"deploy", "models", "streams", "tests"}
    known |= {top for top, by in provided_by.items() if names & {canonicalize_name(name) for name in by}}
    found = [found for module in modules(folder) for found in module.imports()]
    undeclared = [str(each) for each in found if each.what.split(".")[0] not in known]
    assert not undeclared, "\n  ".join(["imported, but not declared in pyproject.toml:", *undeclared])
