"""What goes out: the source distribution has all that a build needs, and nothing that was built."""

import json
import pathlib
import subprocess
import sys
import sysconfig
import tarfile

import pytest

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sdist")
    line = [sys.executable, "-m", "maturin", "sdist", "-m", str(ROOT / "mixdsp-py/Cargo.toml"), "-o", str(folder)]
    told = subprocess.run(line, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    (archive,) = folder.glob("mixdsp-*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder)
    return folder / archive.name.removesuffix(".tar.gz")


def test_everything_that_a_build_reads_is_there(unpacked):
    needed = ["mixdsp/Cargo.toml", "mixdsp-py/Cargo.toml", "Cargo.toml", "Cargo.lock"]
    for folder in ("mixdsp/src", "mixdsp-py/src"):
        needed += [str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*") if path.is_file()]
    assert [path for path in needed if not (unpacked / path).is_file()] == []
    package = ROOT / "mixdsp-py/python"
    sources = [path.relative_to(package) for path in package.rglob("*") if path.suffix in (".py", ".pyi", ".typed")]
    assert [path for path in sources if not (unpacked / "python" / path).is_file()] == []
    for name in ("PKG-INFO", "pyproject.toml", "README.md", "LICENSE-MIT", "LICENSE-APACHE"):
        assert (unpacked / name).is_file(), name


def test_nothing_that_was_built_is_there(unpacked):
    built = [path for path in unpacked.rglob("*") if path.suffix in (".so", ".pyd", ".pyc", ".whl")]
    assert built == [] and not list(unpacked.rglob("target"))


def test_the_crate_is_found_in_it(unpacked):
    """Cargo resolves the workspace that is left: the extension, and the crate beside it."""
    line = ["cargo", "metadata", "--offline", "--no-deps", "--format-version", "1"]
    run = subprocess.run(line, cwd=unpacked, check=True, capture_output=True, text=True)
    packages = {package["name"]: package for package in json.loads(run.stdout)["packages"]}
    assert set(packages) == {"mixdsp", "mixdsp-py"}
    (crate,) = [each for each in packages["mixdsp-py"]["dependencies"] if each["name"] == "mixdsp"]
    assert pathlib.Path(crate["path"]).resolve() == (unpacked / "mixdsp").resolve()


def test_what_tests_need_is_the_extra():
    """requirements.txt and the extra `test` are one list."""
    text = (ROOT / "mixdsp-py/pyproject.toml").read_text(encoding="utf-8")
    extra = text.partition("test = [")[2].partition("]\n\n")[0]
    listed = [line.strip().strip(",").strip('"') for line in extra.splitlines() if line.strip(" ],")]
    lines = pathlib.Path(__file__).with_name("requirements.txt").read_text(encoding="utf-8").splitlines()
    assert listed == [line for line in lines if line and not line.startswith("#")]


def test_importing_leaves_the_global_lock_as_it_is():
    """A free-threaded interpreter stays free: the extension says that it does not need the lock."""
    code = "import sys, mixdsp; print(getattr(sys, '_is_gil_enabled', lambda: True)())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(not sysconfig.get_config_var("Py_GIL_DISABLED"))
