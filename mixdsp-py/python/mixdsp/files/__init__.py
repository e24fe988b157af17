"""Audio files and sample rates."""

from ._reading import Blocks as Blocks
from ._reading import FileInfo as FileInfo
from ._reading import Missing as Missing
from ._reading import blocks as blocks
from ._reading import info as info
from ._reading import read as read
from ._resampling import resample as resample
from ._tags import r128_tags as r128_tags
from ._tags import replaygain as replaygain
from ._tags import tag_loudness as tag_loudness
from ._tags import write_tags as write_tags
from ._writing import Broadcast as Broadcast
from ._writing import Writer as Writer
from ._writing import write as write
from ._writing import writer as writer
