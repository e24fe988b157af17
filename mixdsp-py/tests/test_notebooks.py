"""The notebooks of examples/python run from their first cell to their last, and show pictures and players."""

import os
import pathlib
import sys

import nbclient
import nbformat
import pytest

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples/python"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))


def test_all_of_them_are_there():
    assert [path.stem for path in NOTEBOOKS] == ["compressor", "equalizer", "folder_loudness", "master", "mix"]


@pytest.mark.long
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, monkeypatch, tmp_path):
    # The song that is made: the same on every machine.
    monkeypatch.setenv("MIXDSP_AUDIO", str(tmp_path))
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("PATH", os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"])
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(EXAMPLES)}})
    client.execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    kinds = {kind for output in shown if "data" in output for kind in output["data"]}
    assert "image/png" in kinds, "a picture"
    html = "".join(str(output["data"].get("text/html", "")) for output in shown if "data" in output)
    if path.stem != "folder_loudness":
        assert "<audio" in html, "a player"
    if path.stem in ("equalizer", "compressor"):
        assert "<svg" in html, "an effect that shows itself"
    printed = "".join(output.get("text", "") for output in shown if output.output_type == "stream")
    assert "not found" not in printed and "Traceback" not in printed
    if path.stem == "master":
        assert "True peak" in printed, "what the command tells"


def test_notebooks_are_kept_without_outputs():
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells), path.name
