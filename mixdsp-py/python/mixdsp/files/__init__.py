"""Audio files and sample rates."""

from ._reading import Blocks as Blocks
from ._reading import FileInfo as FileInfo
from ._reading import Missing as Missing
from ._reading import blocks as blocks
from ._reading import info as info
from ._reading import read as read
from ._resampling import resample as resample
from ._writing import Writer as Writer
from ._writing import write as write
from ._writing import writer as writer
