"""What one query, one client and the whole endpoint may use: a table of name, value and sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace

from kg.errors import UsageError
from kg.web.team import Member


def _limit(default: float, sentence: str) -> float:
    return field(default=default, metadata={"sentence": sentence})


def _whole(default: int, sentence: str) -> int:
    return field(default=default, metadata={"sentence": sentence})


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of the table; `name` as on the command line, `sentence` with the value in it."""

    name: str
    value: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the SPARQL endpoint; times in seconds, sizes in bytes.

    >>> Limits(query_seconds=2).rows()[0]
    Limit(name='query-seconds', value=2, sentence='A query may take 2 seconds, its wait for an engine included.')
    """

    query_seconds: float = _limit(20.0, "A query may take {} seconds, its wait for an engine included.")
    wait_seconds: float = _limit(5.0, "A query waits at most {} seconds for its turn.")
    query_bytes: int = _whole(65_000, "A request with its query and parameters may have {} bytes.")
    result_bytes: int = _whole(16_000_000, "An answer may have {} bytes.")
    engine_bytes: int = _whole(512_000_000, "A query may use {} bytes of memory.")
    engines: int = _whole(4, "At most {} queries run at once.")
    client_engines: int = _whole(2, "One client may run {} queries at once; more wait for their turn.")
    client_waiting: int = _whole(32, "One client may have {} queries waiting.")
    client_rate: float = _limit(50.0, "One client may send {} requests a second on average; 0 is no limit.")
    client_burst: int = _whole(500, "One client that was silent may send {} requests at once.")
    body_seconds: float = _limit(10.0, "The body of a request must arrive within {} seconds.")
    send_seconds: float = _limit(60.0, "An answer must be received within {} seconds.")
    cache_bytes: int = _whole(16_000_000, "Answers of {} bytes in all are kept to be given again.")

    def rows(self) -> tuple[Limit, ...]:
        """Return the table, for pages, documentation and the service description."""
        return tuple(self._row(entry.name, str(entry.metadata["sentence"])) for entry in fields(self))

    def _row(self, name: str, sentence: str) -> Limit:
        value = getattr(self, name)
        return Limit(name.replace("_", "-"), value, sentence.format(f"{value:,}".replace(",", " ").removesuffix(".0")))

    def shared(self, member: Member) -> Limits:
        """Return what one worker may use of what is for all; what one client may use is counted together.

        Raises:
            UsageError: there are more workers than engines.
        """
        parts = {name: member.share(getattr(self, name)) for name in ("engines", "cache_bytes", "client_waiting")}
        if not parts["engines"]:
            raise UsageError(f"{member.team.size} workers need as many engines: set --limit engines or fewer --workers")
        return replace(self, **parts)

    def changed(self, settings: Iterable[str]) -> Limits:
        """Return these limits with `settings` of the form NAME=VALUE in force.

        Raises:
            UsageError: no limit has that name, or the value is not a number of its kind.

        >>> Limits().changed(["client-rate=0", "engines=2"]).engines
        2
        """
        kinds = {entry.name: float if isinstance(entry.default, float) else int for entry in fields(self)}
        values: dict[str, float] = {}
        for setting in settings:
            name, _, text = setting.partition("=")
            key = name.strip().replace("-", "_")
            if key not in kinds:
                raise UsageError(f"no limit is called {name!r}; there are {', '.join(row.name for row in self.rows())}")
            try:
                values[key] = kinds[key](text)
            except ValueError:
                raise UsageError(f"the limit {name}={text} is not a number of its kind") from None
            if not (values[key] > 0 or (values[key] == 0 and key in ("client_rate", "cache_bytes"))):
                raise UsageError(f"the limit {name}={text} must be more than 0")
        return replace(self, **values)  # type: ignore[arg-type]  # each value has the kind of its field
