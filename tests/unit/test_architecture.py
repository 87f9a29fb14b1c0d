"""The shape of the code: a pure core in `models`, a thin shell in `streams`, one owner for each risky thing.

Each rule is a function from a module to what breaks it, so the rules are tested too, on a few made-up lines.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.source import BUILTINS, ROOT, Found, Module, cython_module, cython_modules, modules

LINES_MAX = 400

# No clock, files, environment, threads, network or chance of their own.
# How `random` is used is looked at apart.
# fmt: off
PURE_STANDARD_LIBRARY = {
    "__future__", "abc", "array", "base64", "binascii", "bisect", "cmath", "collections", "contextlib",
    "copy", "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools", "graphlib",
    "hashlib", "heapq", "hmac", "html", "ipaddress", "itertools", "json", "keyword", "math", "numbers",
    "operator", "random", "re", "reprlib", "statistics", "string", "struct", "textwrap", "types", "typing",
    "unicodedata", "urllib.parse", "weakref", "zlib",
}
# fmt: on
PURE_LIBRARIES = {"msgspec", "numpy", "regex", "river", "stopwordsiso", "vaderSentiment"}
# No hash tables of C++: in which order they are walked differs from one library to another.
PURE_IN_CYTHON = {
    *("cython", "libc.math", "libc.stdint"),
    *(f"libcpp.{name}" for name in ("algorithm", "bool", "pair", "utility", "vector")),
}

READS_THE_CLOCK = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
}
READS_THE_ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv", "os.unsetenv"}
# `hash` and `id` differ from process to process, so whatever they reach differs from run to run.
IMPURE_BUILTINS = {f"builtins.{name}" for name in BUILTINS}
CHANCE = {"random", "numpy.random"}
SEEDED_CHANCE = {"random.Random", "numpy.random.default_rng", "numpy.random.PCG64"}
MAKES_A_METRIC = {f"prometheus_client.{name}" for name in ("Counter", "Enum", "Gauge", "Histogram", "Info", "Summary")}

# Modules in here hold data alone, all in one shape, and share a test, which is named after the folder: one test
# for each of them would be the same test again.
DATA_FOLDERS = {Path("models/simulator/vocabulary")}

# `undercurrent.toml` is a file, not a topic.
PERSISTED_NAME = re.compile(r"undercurrent\.(?!toml\b)[a-z]|\{undercurrent\}")

# fmt: off
TOP_LEVEL = {
    "pyproject.toml", "streams", "models", "deploy", "tests", "docker-compose.yml", "README.md",
    "Makefile", "requirements.lock", "requirements-dev.lock", "LICENSE", "CHANGELOG.md",
}
# fmt: on


def impure_imports(module: Module) -> list[Found]:
    """Imports that the core may not have: all but `models` itself and pure libraries."""
    allowed = PURE_STANDARD_LIBRARY | PURE_LIBRARIES | PURE_IN_CYTHON | {"models"}
    return [found for found in module.imports() if not _is_below(found.what, allowed)]


def impure_references(module: Module) -> list[Found]:
    """Uses of a clock, of chance without a seed, of files, and of what differs between processes."""
    harmless = CHANCE | SEEDED_CHANCE | {"numpy.random.Generator"}
    chance = [found for found in _below(module.references(), CHANCE) if found.what not in harmless]
    unseeded = [found for found in module.calls_without_arguments() if found.what in SEEDED_CHANCE]
    return _below(module.references(), READS_THE_CLOCK | IMPURE_BUILTINS) + chance + unseeded


def environment_reads(module: Module) -> list[Found]:
    """Reads of the environment, click's own included."""
    by_click = [found for found in module.keywords() if found.what in {"envvar", "auto_envvar_prefix"}]
    return _below(module.references() + module.imports(), READS_THE_ENVIRONMENT) + by_click


def clock_reads(module: Module) -> list[Found]:
    """Uses of the module `time`, and of `now` and `today`."""
    return _below(module.references() + module.imports(), {"time"} | READS_THE_CLOCK)


def metrics_made(module: Module) -> list[Found]:
    """Uses of prometheus_client's metric classes."""
    return _below(module.references() + module.imports(), MAKES_A_METRIC)


def persisted_names(module: Module) -> list[Found]:
    """Literals that begin like the name of a Kafka topic or group, or of a Redis key."""
    return [found for found in module.strings() if PERSISTED_NAME.match(found.what)]


def definitions(module: Module) -> list[Found]:
    """Functions, lambdas and classes: what data has no need of."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    nodes = [node for node in ast.walk(ast.parse(module.text)) if isinstance(node, kinds)]
    return [Found(getattr(node, "name", "lambda"), f"{module.path.as_posix()}:{node.lineno}") for node in nodes]


def sleeps(module: Module) -> list[Found]:
    """Uses of sleep."""
    return _below(module.references(), {"time.sleep", "asyncio.sleep", "anyio.sleep"})


def _is_below(name: str, roots: set[str]) -> bool:
    parts = name.split(".")
    return any(".".join(parts[:length]) in roots for length in range(1, len(parts) + 1))


def _below(found: Iterable[Found], roots: set[str]) -> list[Found]:
    return [each for each in dict.fromkeys(found) if _is_below(each.what, roots)]


def _all(rule: Callable[[Module], list[Found]], folders: Iterable[str], owner: str = "") -> list[Found]:
    return [found for folder in folders for module in modules(folder) if module.name != owner for found in rule(module)]


def _report(rule: str, found: Iterable[object]) -> str:
    return "\n  ".join([rule, *map(str, found)])


def test_the_core_imports_pure_libraries_only():
    found = _all(impure_imports, ["models"])
    found += [found for module in cython_modules("models") for found in impure_imports(module)]
    assert not found, _report("models may import only models, PURE_LIBRARIES and PURE_STANDARD_LIBRARY:", found)


def test_the_core_is_told_the_time_seeded_and_given_its_input():
    found = _all(impure_references, ["models"])
    assert not found, _report("models is told the time, seeded, and given its input; it may not use:", found)


@pytest.mark.parametrize(
    ("rule", "owner"),
    [
        (environment_reads, "streams.settings"),
        (clock_reads, "streams.clock"),
        (metrics_made, "streams.metrics"),
        (persisted_names, "streams.topics"),
    ],
)
def test_one_module_owns_each_risky_thing(rule, owner):
    found = _all(rule, ["models", "streams"], owner)
    assert not found, _report(f"only {owner} may have these:", found)


def test_imports_have_no_cycle():
    known = {module.name: module for folder in ("models", "streams") for module in modules(folder)}
    needs = {name: _own_modules(module.imports_at_import(), known) - {name} for name, module in known.items()}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        pytest.fail(f"these modules import each other in a circle: {' <- '.join(error.args[1])}")


def _own_modules(imported: Iterable[str], known: Iterable[str]) -> set[str]:
    return {max((own for own in known if _is_below(name, {own})), key=len, default="") for name in imported} - {""}


IMPORT_ALL = """
import gc, importlib, json, socket, sys, threading
import croniter  # which Faust imports, asks `file` what the interpreter is, and is not ours
events = []
watched = {"_thread.start_new_thread", "os.system", "socket.bind", "socket.connect", "subprocess.Popen"}
def note(event, arguments):
    if event in watched:
        events.append(event)
sys.addaudithook(note)
for name in sys.argv[1:]:
    importlib.import_module(name)
open_sockets = [each for each in gc.get_objects() if isinstance(each, socket.socket) and each.fileno() != -1]
print(json.dumps({"events": events, "threads": threading.active_count(), "open sockets": len(open_sockets)}))
"""


def test_importing_any_module_has_no_effect():
    names = [module.name for folder in ("models", "streams") for module in modules(folder)]
    names = [name for name in names if not name.endswith("__main__")]
    command = [sys.executable, "-B", "-W", "error", "-c", IMPORT_ALL, *names]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, f"not every module can be imported:\n{result.stderr}"
    assert result.stdout.count("\n") == 1, f"importing prints something:\n{result.stdout}"
    assert json.loads(result.stdout) == {"events": [], "threads": 1, "open sockets": 0}


def test_importing_the_command_line_runs_nothing():
    command = [sys.executable, "-c", "import streams.__main__"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_every_module_has_a_test_of_its_own_name():
    own = [module for folder in ("models", "streams") for module in modules(folder) + cython_modules(folder)]
    expected = {
        module.path: Path("tests/unit") / _tested_as(module.path)
        for module in own
        if module.path.name not in {"__init__.py", "__main__.py"}
    }
    missing = [f"{path}: no {test}" for path, test in expected.items() if not (ROOT / test).is_file()]
    assert not missing, _report("each module is tested under its own name:", missing)


def _tested_as(path: Path) -> Path:
    tested = path.parent.with_suffix(".py") if path.parent in DATA_FOLDERS else path
    return tested.with_name(f"test_{tested.stem}.py")


def test_data_folders_hold_data_alone():
    found = [each for folder in DATA_FOLDERS for module in modules(str(folder)) for each in definitions(module)]
    assert not found, _report("what does something has a test of its own, so it may not live in DATA_FOLDERS:", found)


def test_no_test_folder_is_a_package():
    found = sorted((ROOT / "tests").rglob("__init__.py"))
    assert not found, _report("tests/unit/models as a package would shadow `models`; remove:", found)


def test_no_module_is_too_long_to_read():
    own = [module for folder in ("models", "streams") for module in modules(folder) + cython_modules(folder)]
    lengths = {module.path: len(module.text.splitlines()) for module in own}
    found = [f"{path}: {length} lines" for path, length in lengths.items() if length > LINES_MAX]
    assert not found, _report(f"above {LINES_MAX} lines, ask whether the module holds two ideas:", found)


def test_no_test_sleeps():
    # What runs for minutes beside real servers is no test, and looks at them now and then.
    found = [
        found for found in _all(sleeps, ["tests"]) if not found.where.startswith(("tests/chaos", "tests/benchmarks"))
    ]
    assert not found, _report("time is advanced or an event awaited in tests, never slept through:", found)


def test_the_top_level_shows_what_was_asked_for():
    command = ["git", "ls-files", "-z"]
    try:
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: what belongs to the repository cannot be told from what lies beside it")
    entries = {path.split("/")[0] for path in listing.split("\0") if path}
    found = sorted(entry for entry in entries - TOP_LEVEL if not entry.startswith("."))
    assert not found, _report("the top level holds only what TOP_LEVEL lists, and dotfiles; move:", found)


def _module(text: str, name: str = "models/example.py") -> Module:
    return Module(Path(name), text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (impure_imports, "import faust"),
        (impure_imports, "from streams.clock import Clock"),
        (impure_imports, "from ..streams import clock"),
        (impure_imports, "import os.path as p"),
        (impure_imports, "def f():\n    import threading"),
        (impure_imports, "from urllib.request import urlopen"),
        (impure_references, "from datetime import datetime as d\nd.now()"),
        (impure_references, "import datetime\nx = datetime.date.today"),
        (impure_references, "import random\nrandom.shuffle([])"),
        (impure_references, "import random\nrandom.Random()"),
        (impure_references, "from random import choice\nchoice([1])"),
        (impure_references, "import numpy as np\nnp.random.normal()"),
        (impure_references, "import numpy as np\nnp.random.default_rng()"),
        (impure_references, "open('x')"),
        (impure_references, "key = hash('term')"),
        (environment_reads, "from os import environ"),
        (environment_reads, "import os\nos.environ['X']"),
        (environment_reads, "import click\nclick.option('--x', envvar='X')"),
        (clock_reads, "from time import monotonic"),
        (clock_reads, "import time as t\nt.perf_counter()"),
        (clock_reads, "import datetime as dt\ndt.datetime.now(dt.UTC)"),
        (metrics_made, "from prometheus_client import Counter"),
        (metrics_made, "import prometheus_client as p\np.Gauge('a', 'b')"),
        (persisted_names, "TOPIC = 'undercurrent.posts.v1'"),
        (persisted_names, "key = f'{{undercurrent}}:alert:{1}'"),
        (definitions, "def words(text): return text.split()"),
        (definitions, "class Words: ..."),
        (definitions, "WORDS = sorted('ba', key=lambda word: word)"),
        (sleeps, "import time\ntime.sleep(1)"),
    ],
)
def test_a_rule_sees_what_breaks_it(rule, text):
    assert rule(_module(text)), f"{rule.__name__} found nothing in:\n{text}"


@pytest.mark.parametrize(
    ("text", "impure"),
    [
        ("from libc.time cimport time", ["libc.time.time"]),
        ("from libcpp.vector cimport vector\ncdef f():\n    from libc cimport math, time", ["libc.time"]),
        ("cimport cython\nimport faust\ncpdef double f(list a): pass", ["faust"]),
    ],
)
def test_what_cython_imports_is_seen(text, impure):
    module = cython_module(Path("models/example.pyx"), text)
    assert [found.what for found in impure_imports(module)] == impure


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (
            impure_imports,
            "from collections.abc import Iterator\nfrom models.post import Post\nimport river.stats",
        ),
        (impure_imports, "from . import post\nfrom urllib.parse import urlsplit"),
        (impure_references, "import random\nchance = random.Random(7)\nchance.shuffle([])"),
        (impure_references, "import numpy as np\nchance = np.random.default_rng(7)"),
        (impure_references, "from datetime import UTC, datetime\ndatetime.fromtimestamp(0, UTC)"),
        (impure_references, "class Window:\n    def open(self): ...\n\ndef f(window): window.open()"),
        (clock_reads, "from datetime import datetime\ndatetime.fromisoformat('2026-01-01')"),
        (
            metrics_made,
            "from collections import Counter\nfrom prometheus_client import generate_latest\nCounter()",
        ),
        (definitions, "from models.post import Post\nPOST = Post(id='1', text='a', created_at=1, author='b')"),
        (persisted_names, '"""undercurrent.posts.v1 is read here."""\nfile = "undercurrent.toml"'),
    ],
)
def test_a_rule_leaves_honest_code_alone(rule, text):
    assert not rule(_module(text))
