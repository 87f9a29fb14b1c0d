"""Compiles the clusterer's hot loop while the package is built, where that is possible.

    python -m deploy.build_extension

Hatchling runs the hook for each wheel, that of an editable install included. Where there is no C++ compiler,
or no Python headers, what is built holds plain Python only, which gives the same results. Since pip shows
nothing of a build that succeeds, `make setup` runs this module afterwards: it says what is missing, if anything.
"""

import importlib
import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from Cython.Build import cythonize
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext
from setuptools.errors import BaseError, CCompilerError

MODULE: Final = "models._term_matrix"
SOURCE: Final = Path("models/_term_matrix.pyx")
PURE: Final = "UNDERCURRENT_PURE"

# A fused multiply-add rounds once where Python rounds twice: the same posts would give other bits elsewhere.
FLAGS: Final = ["/O2", "/fp:precise"] if sys.platform == "win32" else ["-O2", "-ffp-contract=off", "-g0"]


class ExtensionHook(BuildHookInterface[Any]):
    """Puts the compiled module into a wheel, or beside its source where that is what is installed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root, in_place = Path(self.root), version == "editable"
        if in_place:
            remove_compiled(root)
        self._folder = TemporaryDirectory()
        built = None if is_pure_asked_for() else compile_extension(root, Path(self._folder.name))
        if not built:
            self.app.display_warning(why_pure())
        elif in_place:
            shutil.copy(built, root / SOURCE.parent)
        else:
            build_data["force_include"][str(built)] = str(SOURCE.with_name(built.name))
            build_data |= {"pure_python": False, "infer_tag": True}

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        self._folder.cleanup()


def compile_extension(root: Path, folder: Path) -> Path | None:
    """Compile the module in a folder; the source tree stays as it is.

    Returns:
        The compiled module, or None if this machine cannot compile it.
    """
    extension = Extension(MODULE, [str(root / SOURCE)], extra_compile_args=FLAGS)
    # What Cython refuses, no machine can compile: that is not caught.
    command = build_ext(Distribution({"ext_modules": cythonize([extension], build_dir=str(folder))}))
    command.build_lib = command.build_temp = str(folder)
    command.ensure_finalized()
    try:
        command.run()
    except (BaseError, CCompilerError):
        return None
    return Path(command.get_outputs()[0])


def remove_compiled(root: Path) -> None:
    """Remove what was compiled from an older source, so that it is not used if compiling fails."""
    for suffix in ("so", "pyd"):
        for path in root.glob(f"{SOURCE.with_suffix('')}.*.{suffix}"):
            path.unlink()


def is_pure_asked_for() -> bool:
    """Return whether the environment forbids compiling."""
    return os.environ.get(PURE, "0") not in ("", "0")


def why_pure() -> str:
    """Return what is missing and what follows, as one sentence."""
    if is_pure_asked_for():
        reason = f"as {PURE} asks for"
    else:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        reason = (
            "for want of a C++ compiler or of Python's headers (on Debian and Ubuntu: sudo apt-get install "
            f"build-essential python{version}-dev)"
        )
    return f"The narrative clusterer runs in plain Python, slower and with the same results, {reason}."


def main() -> None:
    """Say why the compiled module is missing, if it is."""
    try:
        importlib.import_module(MODULE)
    except ModuleNotFoundError:
        print(why_pure(), file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
