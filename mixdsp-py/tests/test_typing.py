"""The types that editors and checkers see: the stub agrees with what is imported, and everything has a type."""

import os
import pathlib
import subprocess
import sys

import mixdsp

TESTS = pathlib.Path(__file__).parent


# Pyright asks the first Python that it finds where packages are.
HERE = {**os.environ, "PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]}


def run(*command, cwd=TESTS):
    line = [sys.executable, "-m", *command]
    result = subprocess.run(line, capture_output=True, text=True, cwd=cwd, env=HERE)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_the_stub_agrees_with_what_is_imported(tmp_path):
    run("mypy.stubtest", "mixdsp", cwd=tmp_path)


def test_mypy_finds_no_error_in_the_package(tmp_path):
    run("mypy", "--strict", "-p", "mixdsp", cwd=tmp_path)


def test_code_as_people_write_it_passes_mypy():
    run("mypy", "--strict", "--warn-unused-ignores", "typing_cases.py")


def test_code_as_people_write_it_passes_pyright():
    run("pyright", "typing_cases.py")


def test_everything_public_has_a_type(tmp_path):
    told = run("pyright", "--verifytypes", "mixdsp", "--ignoreexternal", cwd=tmp_path)
    assert "Type completeness score: 100%" in told, told


def test_code_as_people_write_it_runs():
    code = (TESTS / "typing_cases.py").read_text().partition('mx.Gain("loud")')[0]
    exec(compile(code, "typing_cases.py", "exec"), {})


def test_the_package_says_that_it_is_typed():
    assert (pathlib.Path(mixdsp.__file__).parent / "py.typed").exists()
