"""Makes the release that goes with a build, before the build comes into force, and again when it is not there.

A file in the build folder tells which release was made. It goes before the folder of the release is touched and comes
back when all is in place, so that what a kill has left undone is done by the next run.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from kg.release import read_publication, release
from kg.release.switching import CHECKSUMS, check_replaceable
from kg.store import open_build
from kg.update.plan import Plan

_MARK = "released"


class Releasing:
    """The release of one plan, or nothing where the plan has none.

    Raises:
        InputError: the configuration cannot be read.
        UsageError: the configuration is wrong, or the folder of the release holds something else.
    """

    def __init__(self, plan: Plan, say: Callable[[str], None]) -> None:
        self._folder, self._build, self._say = plan.release, plan.build, say
        self._config, self._quality = plan.publication, plan.quality
        if self._folder is None:
            return
        # Read now, and again for the base of the build: a mistake is told before anything is fetched or built.
        read_publication("https://example.org/", self._config)
        check_replaceable(self._folder)
        text = self._config.read_text(encoding="utf-8") if self._config else ""
        settings = (version("esf-kg"), str(self._folder), str(self._quality), text)
        self._settings = sha256("\n".join(settings).encode()).hexdigest()

    def made_up_for(self, generation: str | None) -> bool:
        """Make the release of the generation in force, if it is not there as it should be; return whether it was."""
        if self._folder is None or generation is None:
            return False
        if self._is_there(generation):
            return False
        self.make(self._build)
        self.done(generation)
        return True

    def make(self, build: Path) -> bool:
        """Make the release of a build folder; return whether there is one to make.

        Raises:
            InputError: the folder of the release cannot be written.
            BuildError: another release into it is under way.
        """
        if self._folder is None:
            return False
        self._say(f"releasing to {self._folder}")
        (self._build / _MARK).unlink(missing_ok=True)
        with open_build(build) as store:
            published = read_publication(store.base, self._config)
            release(store, self._folder, published, build=build if self._quality else None)
        return True

    def done(self, generation: str) -> None:
        """Remember that the release of a generation is in its place."""
        if self._folder is not None:
            fresh = self._build / f"{_MARK}.new"
            fresh.write_text(f"{generation} {self._settings}\n", encoding="utf-8")
            fresh.replace(self._build / _MARK)

    def _is_there(self, generation: str) -> bool:
        mark = self._build / _MARK
        known = mark.read_text(encoding="utf-8").strip() if mark.exists() else ""
        folder = self._folder
        return known == f"{generation} {self._settings}" and folder is not None and (folder / CHECKSUMS).is_file()
