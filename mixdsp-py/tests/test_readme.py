"""What the README prints runs as printed."""

import pathlib
import re

README = pathlib.Path(__file__).parents[1] / "README.md"


def test_the_readme_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    assert len(blocks) == 2
    for block in blocks:
        exec(block, names)
    report = names["r"].report
    assert abs(report.after.integrated + 14) < 0.1 and report.after.true_peak <= -0.99
    assert names["z"].shape == names["r"].audio.shape


def test_the_commands_of_the_readme_exist():
    from mixdsp._command._main import _parser

    parser = _parser()
    for line in README.read_text(encoding="utf-8").splitlines():
        if line.startswith("    mixdsp "):
            words = re.split(r" {2,}", line.strip())[0].split()[1:]
            assert parser.parse_args(words).command == words[0]
