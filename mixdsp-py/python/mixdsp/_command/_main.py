"""The command line."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from typing import Optional, Union

from .._mixdsp import __version__
from ..mastering import CODECS, DESTINATIONS, TARGETS, LimitingWarning
from ..mastering._album import DISC_HZ, LEVELS
from ..mastering._codecs import USUAL
from ..mastering._delivery import LIMITERS, MAX_CLIPPING_DB, MAX_LIMITING_DB, MAX_LIMITING_RANGE_DB
from ..mastering._master import check_amount
from ..mastering._rough import STYLES
from ..mastering._targets import find
from ..engine._meter import LAYOUTS
from ..files._writing import FORMATS
from . import _commands, _release
from ._files import NothingFound
from ._run import INTERRUPTED, WRONG_USE

EXIT_CODES = """exit codes:
  0    done, and nothing to complain about
  1    check found faults, or a loudness was not reached or was refused
  2    the command cannot be understood, or would harm a file; nothing was done
  3    a file could not be read or written; the others were done
  130  interrupted; the same command goes on from there where a journal is kept
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mixdsp",
        description="Measures, normalises, masters and mixes audio files.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"mixdsp {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    files = argparse.ArgumentParser(add_help=False)
    files.add_argument("files", nargs="*", metavar="FILE", help="files; folders with -r; - reads a list")
    files.add_argument("-r", "--recursive", action="store_true", help="look into folders")
    files.add_argument("-j", "--jobs", type=_count, default=os.cpu_count() or 1, help="files at a time (the cores)")
    files.add_argument("-q", "--quiet", action="store_true", help="no progress")
    files.add_argument("--resume", metavar="JOURNAL", help="keep what is done here, and go on from it")
    files.add_argument("--salvage", action="store_true", help="take what can be decoded of damaged files, and tell what is missing")
    files.add_argument("--layout", type=_layout, default="auto", metavar="NAME", help="where the channels stand: dual_mono, surround_5_1, a WAVE mask as 0x63f, ... (what a file says)")
    forms = argparse.ArgumentParser(add_help=False)
    form = forms.add_mutually_exclusive_group()
    form.add_argument("--json", dest="form", action="store_const", const="json", help="an object per line")
    form.add_argument("--csv", dest="form", action="store_const", const="csv", help="comma-separated values")
    forms.set_defaults(form="text")
    goal = argparse.ArgumentParser(add_help=False)
    goal.add_argument("--target", type=_target, metavar="NAME", help=", ".join(TARGETS))
    goal.add_argument("--lufs", type=float, help="integrated loudness, in place of the target's")
    goal.add_argument("--true-peak", type=float, metavar="DBTP", help="ceiling, in place of the target's (-1)")
    limiting = argparse.ArgumentParser(add_help=False)
    limiting.add_argument(
        "--max-limiting",
        type=_decibels,
        metavar="DB",
        help="the most limiting, at the 99th percentile, that a loudness may take before it is refused "
        f"({MAX_LIMITING_DB:g}; of a session what it says)",
    )
    limiting.add_argument(
        "--limiter",
        choices=LIMITERS,
        help="offline: the smoothest gain under the ceiling, for which all of the file is known; streaming: as in a live chain "
        f"({LIMITERS[0]}; of a session what it says)",
    )
    chain = argparse.ArgumentParser(add_help=False)
    steps = chain.add_argument_group("the chain before the limiter", "how much each takes is searched, so that the loudness costs least")
    steps.add_argument("--compression", type=_amount, metavar="DB", help="bus compression: auto, off or decibels, 0 to 6 (auto)")
    steps.add_argument(
        "--clipping", type=_amount, metavar="DB", help="the clipper takes what is more over the ceiling: auto, off or decibels, 0 to 12 (auto)"
    )
    steps.add_argument(
        "--max-clipping",
        type=float,
        metavar="DB",
        help=f"the most clipping, at the 99th percentile, that a loudness may take ({MAX_CLIPPING_DB:g})",
    )
    steps.add_argument("--trim", type=_seconds, metavar="S,S", help="seconds that are cut off both ends")
    steps.add_argument("--fade", type=_seconds, metavar="S,S", help="seconds that both ends fade")
    goal.add_argument("--format", choices=FORMATS, default="wav", help="of files that go into a folder (wav)")
    goal.add_argument("--bits", type=int, choices=(16, 24, 32), default=24, help="of the files (24); 32 are floats")

    overwrite = argparse.ArgumentParser(add_help=False)
    overwrite.add_argument("--overwrite", action="store_true", help="replace files that are there; never an input")

    def add(name: str, text: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=text,
            description=text[0].upper() + text[1:] + ".",
            parents=list(parents),
            epilog=EXIT_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    check = add("check", "tells what is to know of a file before it goes out", files, forms, overwrite)
    check.add_argument("--target", type=_target, metavar="NAME", help="whose loudness it should have")
    check.add_argument("--html", metavar="PAGE", help="write a page with the loudness over time")
    check.set_defaults(run=_commands.check)

    loudness = add("loudness", "measures loudness, range and true peak", files, forms)
    loudness.add_argument("--album", action="store_true", help="also measure all files as one programme")
    loudness.set_defaults(run=_commands.loudness)

    compare = add("compare", "tells how a recording stands against references", forms)
    compare.add_argument("file", metavar="FILE", help="the recording")
    compare.add_argument("references", nargs="+", metavar="REFERENCE", help="what it is compared with")
    compare.add_argument("-q", "--quiet", action="store_true", help="no progress")
    compare.set_defaults(run=_commands.compare)

    normalize = add("normalize", "gives files a loudness, under a ceiling", files, forms, goal, limiting, overwrite)
    normalize.add_argument("-o", "--out", required=True, help="a folder, or a .wav, .flac or .aiff for a single file")
    normalize.add_argument("--album", action="store_true", help="one gain for all files")
    normalize.add_argument("--no-limit", action="store_true", help="let the gain stop at the ceiling")
    normalize.set_defaults(run=_commands.normalize)

    master = add("master", "makes masters: chain, rate, compression, gain, clipper, limiter", files, forms, goal, limiting, chain, overwrite)
    master.add_argument("-o", "--out", required=True, help="a folder, or a .wav, .flac or .aiff for a single file")
    master.add_argument("--chain", metavar="JSON", help="effects to run first: what chain.to_dict() gives, as a file")
    master.add_argument("--reference", action="append", metavar="FILE", help="whose tone the masters get, and, without --target and --lufs, whose loudness; several are taken together")
    master.add_argument("--tone", type=float, default=1.0, metavar="SHARE", help="how much of the reference's tone is taken, 0 to 1 (1)")
    master.add_argument("--width", type=float, default=0.0, metavar="SHARE", help="the same of its width (0)")
    master.add_argument("--dynamics", type=float, default=0.0, metavar="SHARE", help="the same of its range, by bus compression (0)")
    master.add_argument("--rate", type=int, help="sample rate of the masters")
    master.set_defaults(run=_commands.master)

    tags = argparse.ArgumentParser(add_help=False)
    tags.add_argument("--tag", action="append", metavar="NAME=VALUE", help="a tag of all files; as often as needed")
    tags.add_argument("--cover", metavar="FILE", help="a JPEG or PNG for all files")
    tags.add_argument("--date", help="of the release, as 2026-12-01")
    tags.add_argument("--description", help="what the sound is, for Broadcast Wave")
    tags.add_argument("--originator", help="who made it, for Broadcast Wave")

    deliver = add("deliver", "makes what platforms and media ask for, all at once", files, forms, limiting, tags, overwrite)
    deliver.add_argument("--for", dest="destinations", required=True, metavar="NAMES", help=", ".join(DESTINATIONS))
    deliver.add_argument("-o", "--out", required=True, help="a folder, which gets one for each of them")
    deliver.add_argument("--lufs", type=float, help="where no loudness is asked for, as by a disc (that of the file)")
    deliver.set_defaults(run=_release.deliver)

    album = add("album", "makes an album: order, pauses, one level, files cut at sectors, cue sheet, tags", files, forms, limiting, tags, overwrite)
    album.add_argument("-o", "--out", required=True, help="a folder for the tracks, album.cue and album.json")
    album.add_argument("--target", type=_target, metavar="NAME", help=", ".join(TARGETS))
    album.add_argument("--lufs", type=float, help="integrated loudness, in place of the target's (the songs keep theirs)")
    album.add_argument("--true-peak", type=float, metavar="DBTP", help="ceiling, in place of the target's (-1)")
    album.add_argument("--level", choices=LEVELS, default=LEVELS[0], help="whose loudness that is: one gain by all or by the loudest, or each to its own (album)")
    album.add_argument("--gap", type=float, default=2.0, metavar="SECONDS", help="pause between tracks (2)")
    album.add_argument("--rate", type=int, default=DISC_HZ, help=f"sample rate ({DISC_HZ})")
    album.add_argument("--bits", type=int, choices=(16, 24, 32), default=16, help="of the files (16); 32 are floats")
    album.add_argument("--format", choices=FORMATS, default="wav", help="of the files (wav)")
    album.add_argument("--no-sectors", action="store_true", help="cut anywhere; at 44100 Hz tracks are cut at sectors of a disc")
    for end in ("start", "end"):
        album.add_argument(f"--trim-{end}", type=float, default=0.0, metavar="SECONDS", help=f"take away at the {end} of each track")
    for way in ("in", "out"):
        album.add_argument(f"--fade-{way}", type=float, default=0.0, metavar="SECONDS", help=f"fade each track {way}")
    album.add_argument("--title", help="of the album")
    album.add_argument("--artist", help="of the album, and of its tracks")
    album.add_argument("--genre", help="of the album")
    album.add_argument("--upc", help="UPC or EAN of the album")
    album.add_argument("--track-title", action="append", metavar="TITLE", help="of the first track, the second, ... (the files' names)")
    album.add_argument("--isrc", action="append", metavar="CODE", help="of the first track, the second, ...")
    album.set_defaults(run=_release.album)

    codecs = add("codecs", "tells what encoders make of masters, and the ceiling at which peaks hold", files, forms, overwrite)
    codecs.add_argument("--codecs", metavar="NAMES", help=f"{', '.join(CODECS)} ({', '.join(USUAL)})")
    codecs.add_argument("--ceiling", type=float, default=0.0, metavar="DBTP", help="what decoded peaks are to stay under (0)")
    codecs.add_argument("--no-search", action="store_true", help="only tell")
    codecs.add_argument("-o", "--out", help="a folder that keeps the encoded files, under the ceilings that were found")
    codecs.add_argument("--ffmpeg", default="ffmpeg", metavar="PROGRAM", help="the program that encodes (ffmpeg)")
    codecs.set_defaults(run=_release.codecs)

    mix = add("mix", "renders a session, or makes a rough mix of a folder of stems, and masters it", forms, limiting, chain, overwrite)
    mix.add_argument("session", metavar="SESSION|FOLDER", help="a session file (TOML), or a folder of stems")
    mix.add_argument("-o", "--out", required=True, help="the master to write (.wav, .flac, .aiff)")
    mix.add_argument(
        "--mix", metavar="FILE", help="keep the mix as floats: what Mixer.render() gives, with all that runs on the master"
    )
    mix.add_argument(
        "--style", choices=STYLES, help=f"of a folder: what the mix aims at ({STYLES[0]})"
    )
    asked = mix.add_argument_group("the delivery", "in place of what a session says; of a folder -14 LUFS, -1 dBTP, 24 bits")
    asked.add_argument("--target", type=_target, metavar="NAME", help=", ".join(TARGETS))
    asked.add_argument("--lufs", type=float, help="integrated loudness, in place of the target's")
    asked.add_argument("--true-peak", type=float, metavar="DBTP", help="ceiling, in place of the target's")
    asked.add_argument("--bits", type=int, choices=(16, 24, 32), help="of the master; 32 are floats")
    asked.add_argument("--rate", type=int, help="sample rate of the master (that of the mix)")
    mix.add_argument("--stems", metavar="FOLDER", help="write stems that sum to the master, and what is not linear as a remainder, into a new folder")
    mix.add_argument("--report", metavar="PAGE", help="write a page to look at and to listen to (.html)")
    mix.add_argument(
        "--session", dest="session_out", metavar="FILE", help="of a folder: write the session that does it (.toml)"
    )
    mix.add_argument(
        "--threads",
        "-j",
        "--jobs",
        type=_count,
        default=os.cpu_count() or 1,
        help="threads that decode and mix (the cores); the result does not depend on it",
    )
    mix.add_argument("-q", "--quiet", action="store_true", help="no progress")
    mix.set_defaults(run=_commands.mix)
    return parser


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 1024:
        raise argparse.ArgumentTypeError(f"{count} is outside 1 to 1024")
    return count


def _target(text: str) -> str:
    try:
        return find(text).key
    except ValueError as error:
        # argparse has named the option.
        raise argparse.ArgumentTypeError(str(error).partition(" = ")[2]) from None


def _layout(text: str) -> Union[str, int]:
    if text.lower().startswith("0x"):
        return int(text, 16)
    if text not in LAYOUTS:
        raise argparse.ArgumentTypeError(f"{text} is none of {', '.join(LAYOUTS)}, and no mask such as 0x63f")
    return text


def _amount(text: str) -> str:
    try:
        return check_amount(text, "it")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is none of auto, off and a number of decibels") from None


def _seconds(text: str) -> tuple[float, float]:
    try:
        start, end = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: two numbers of seconds are needed, as in 0.5,2") from None
    return start, end


def _decibels(text: str) -> float:
    value = float(text)
    least, most = MAX_LIMITING_RANGE_DB
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(f"{text} is outside {least:g} to {most:g}")
    return value


class _Notes:
    """What the library warns of, as lines on standard error, each once."""

    def __init__(self) -> None:
        self.told: set[str] = set()

    def __call__(self, message: object, *_: object, **__: object) -> None:
        text = " ".join(str(message).splitlines())
        if text not in self.told:
            self.told.add(text)
            clear = "\r\x1b[2K" if sys.stderr.isatty() else ""
            print(f"{clear}mixdsp: {text}", file=sys.stderr)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs the command; the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", UserWarning)
            warnings.showwarning = _Notes()
            # The rows of a command bring them.
            warnings.simplefilter("ignore", LimitingWarning)
            return int(options.run(options))
    except NothingFound as error:
        print(f"mixdsp: {error}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("mixdsp: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Who reads has gone. Nothing more is to be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + getattr(signal, "SIGPIPE", 13)
