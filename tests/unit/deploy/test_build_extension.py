import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import pytest

from deploy.build_extension import SOURCE, ExtensionHook, main, why_pure
from tests.support.source import ROOT

COMPILED = str(SOURCE.with_suffix(sysconfig.get_config_var("EXT_SUFFIX")))


def can_compile():
    compiler = os.environ.get("CXX") or sysconfig.get_config_var("CXX") or "c++"
    return bool(shutil.which(compiler.split()[0])) and Path(sysconfig.get_path("include"), "Python.h").is_file()


needs_compiler = pytest.mark.skipif(not can_compile(), reason="there is no C++ compiler, or no Python.h")


def build_wheel(folder, **environment):
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, check=True)
    [wheel] = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        return wheel.name, [name for name in archive.namelist() if name.endswith((".so", ".pyd"))]


def install_in_place(root):
    """Does what an editable install of a tree does: it has the source, and a module compiled from an older one."""
    (root / SOURCE.parent).mkdir()
    shutil.copy(ROOT / SOURCE, root / SOURCE)
    (root / COMPILED).write_text("older")
    hook = ExtensionHook(str(root), {}, None, None, "", "wheel")
    hook.initialize("editable", {})
    hook.finalize("editable", {}, "")


@needs_compiler
def test_a_wheel_holds_the_compiled_module_and_says_for_whom(tmp_path):
    name, compiled = build_wheel(tmp_path)
    assert compiled == [COMPILED]
    assert f"-cp{sys.version_info.major}{sys.version_info.minor}-" in name


def test_a_wheel_without_the_compiled_module_is_for_all(tmp_path):
    name, compiled = build_wheel(tmp_path, UNDERCURRENT_PURE="1")
    assert compiled == []
    assert name.endswith("-py3-none-any.whl")


@needs_compiler
def test_an_editable_install_compiles_beside_the_source_and_leaves_nothing_else(tmp_path):
    install_in_place(tmp_path)
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {str(SOURCE), COMPILED}
    assert (tmp_path / COMPILED).read_bytes() != b"older"


@pytest.mark.parametrize(("name", "value"), [("UNDERCURRENT_PURE", "1"), ("CXX", "no-such-compiler")])
def test_what_was_compiled_from_an_older_source_goes_even_if_nothing_takes_its_place(
    tmp_path, monkeypatch, name, value
):
    monkeypatch.setenv(name, value)
    install_in_place(tmp_path)
    assert not (tmp_path / COMPILED).exists()


def test_what_is_missing_and_what_follows_is_one_sentence(monkeypatch):
    assert "slower and with the same results, for want of a C++ compiler" in why_pure()
    monkeypatch.setenv("UNDERCURRENT_PURE", "1")
    assert "as UNDERCURRENT_PURE asks for" in why_pure()


def test_it_is_said_only_if_the_module_is_missing(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "models._term_matrix", sys)
    main()
    assert capsys.readouterr().err == ""
    monkeypatch.setitem(sys.modules, "models._term_matrix", None)
    main()
    assert capsys.readouterr().err == f"{why_pure()}\n"
