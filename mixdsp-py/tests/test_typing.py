"""The types that editors and checkers see: they agree with what is imported, and mistakes are found."""

import ast
import json
import os
import pathlib
import re
import subprocess
import sys

import mixdsp
import pytest

TESTS = pathlib.Path(__file__).parent


# Pyright asks the first Python that it finds where packages are.
HERE = {**os.environ, "PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]}


def run(*command, cwd=TESTS):
    line = [sys.executable, "-m", *command]
    result = subprocess.run(line, capture_output=True, text=True, cwd=cwd, env=HERE)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.mark.long
def test_the_stub_agrees_with_the_extension(tmp_path):
    run("mypy.stubtest", "mixdsp._mixdsp", cwd=tmp_path)


@pytest.mark.parametrize("package", [mixdsp, mixdsp.engine], ids=lambda package: package.__name__)
def test_what_is_imported_late_is_what_type_checkers_see(package):
    """Names that are imported when they are first asked for stand twice: for type checkers, and for that."""
    tree = ast.parse(pathlib.Path(package.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {alias.name for node in block.body for alias in node.names}
    late = {name for module, names in package._LATER.items() for name in (module, *names) if "." not in name}
    assert seen == {name for name in late if not name.startswith("_")}
    assert all(getattr(package, name) is not None for name in late)
    assert seen <= set(dir(package))
    with pytest.raises(AttributeError, match="has no attribute 'Compresor'"):
        package.Compresor  # noqa: B018


@pytest.mark.long
def test_mypy_finds_no_error_in_the_package(tmp_path):
    run("mypy", "--strict", "-p", "mixdsp", cwd=tmp_path)


def test_code_as_people_write_it_passes_mypy():
    run("mypy", "--strict", "--warn-unused-ignores", "typing_cases.py")


def test_code_as_people_write_it_passes_pyright():
    run("pyright", "typing_cases.py")


def mistakes():
    """The lines that are wrong."""
    lines = (TESTS / "typing_mistakes.py").read_text(encoding="utf-8").splitlines()
    return {at for at, line in enumerate(lines, 1) if line.endswith("# wrong")}


def errors(*command):
    line = [sys.executable, "-m", *command, "typing_mistakes.py"]
    return subprocess.run(line, capture_output=True, text=True, cwd=TESTS, env=HERE).stdout


def test_mypy_finds_every_mistake_and_no_other():
    told = errors("mypy", "--strict")
    assert {int(at) for at in re.findall(r"^typing_mistakes\.py:(\d+): error", told, flags=re.M)} == mistakes(), told


def test_pyright_finds_every_mistake_and_no_other():
    found = json.loads(errors("pyright", "--outputjson"))["generalDiagnostics"]
    assert {each["range"]["start"]["line"] + 1 for each in found} == mistakes(), found


@pytest.mark.long
def test_everything_public_has_a_type(tmp_path):
    told = run("pyright", "--verifytypes", "mixdsp", "--ignoreexternal", cwd=tmp_path)
    assert "Type completeness score: 100%" in told, told


def test_code_as_people_write_it_runs():
    code = (TESTS / "typing_cases.py").read_text().partition('mx.Gain("loud")')[0]
    exec(compile(code, "typing_cases.py", "exec"), {})


def test_the_package_says_that_it_is_typed():
    assert (pathlib.Path(mixdsp.__file__).parent / "py.typed").exists()
