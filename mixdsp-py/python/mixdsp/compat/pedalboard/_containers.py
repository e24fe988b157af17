"""Lists of plugins: in series, in parallel, and the board."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableSequence
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from ._plugin import Plugin
from ._runners import Parallel, Runner


class PluginContainer(Plugin, MutableSequence[Optional[Plugin]]):
    """A list of plugins. ``None`` does nothing."""

    def __init__(self, plugins: Iterable[Optional[Plugin]] = ()) -> None:
        self._plugins: list[Optional[Plugin]] = []
        for plugin in plugins:
            self.append(plugin)

    def _check(self, plugin: Any) -> Optional[Plugin]:
        if plugin is None:
            return None
        if not isinstance(plugin, Plugin):
            raise TypeError(f"a plugin of mixdsp.compat.pedalboard is needed, not {type(plugin).__name__}")
        if plugin is self or (isinstance(plugin, PluginContainer) and plugin._holds(self)):
            raise ValueError("a container cannot hold itself")
        return plugin

    def _holds(self, other: Plugin) -> bool:
        inside = (each for each in self._plugins if isinstance(each, PluginContainer))
        return other in self._plugins or any(each._holds(other) for each in inside)

    def _settings(self) -> tuple[Any, ...]:
        return (type(self).__name__, *(plugin._settings() for plugin in self._present()))

    def _present(self) -> list[Plugin]:
        return [plugin for plugin in self._plugins if plugin is not None]

    def __len__(self) -> int:
        return len(self._plugins)

    def __iter__(self) -> Iterator[Optional[Plugin]]:
        return iter(self._plugins)

    def __getitem__(self, at: Any) -> Any:
        return self._plugins[at]

    def __setitem__(self, at: Any, value: Any) -> None:
        if isinstance(at, slice):
            self._plugins[at] = [self._check(each) for each in value]
        else:
            self._plugins[at] = self._check(value)

    def __delitem__(self, at: Any) -> None:
        del self._plugins[at]

    def insert(self, index: int, value: Optional[Plugin]) -> None:
        """Puts a plugin before the one at ``index``."""
        self._plugins.insert(index, self._check(value))

    def reset(self) -> None:
        """Forgets what the last call left."""
        super().reset()
        for plugin in self._present():
            plugin.reset()

    def __repr__(self) -> str:
        count = len(self)
        told = f"{count} plugin{'' if count == 1 else 's'}"
        return f"<{__package__}.{type(self).__name__} with {told}: {self._plugins!r}>"


class Chain(PluginContainer):
    """Plugins one after the other, as one."""

    def _pieces(self) -> list[Any]:
        return [piece for plugin in self._present() for piece in plugin._pieces()]


class Mix(PluginContainer):
    """Plugins side by side: what they give is added up."""

    def _pieces(self) -> list[Any]:
        def runner(sample_rate: float, channels: int) -> Runner:
            return Parallel([plugin._runner(sample_rate, channels) for plugin in self._present()], channels)

        return [runner]


class Pedalboard(Chain):
    """A board of plugins: a list that runs audio through itself."""

    def __init__(self, plugins: Optional[Iterable[Optional[Plugin]]] = None) -> None:
        super().__init__(plugins or [])


def process(
    audio: npt.ArrayLike, sample_rate: float, plugins: Iterable[Optional[Plugin]], **kwargs: Any
) -> npt.NDArray[np.float32]:
    """Runs audio through a list of plugins."""
    return Pedalboard(plugins)(audio, sample_rate, **kwargs)
