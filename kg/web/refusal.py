"""A request that is not granted: status, one sentence and headers, in one shape for every reason."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

MEDIA_TYPE = "application/problem+json"
"""Problem details for HTTP, RFC 9457."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not granted; `retry_after` in whole seconds, if trying again makes sense.

    >>> Refusal(400, "the parameter 'query' stands twice").body()
    b'{"type":"about:blank","title":"Bad Request","status":400,"detail":"the parameter \\'query\\' stands twice"}'
    """

    status: int
    detail: str
    retry_after: int | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def body(self) -> bytes:
        """Return the problem as JSON."""
        problem = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        return json.dumps(problem, ensure_ascii=False, separators=(",", ":")).encode()
