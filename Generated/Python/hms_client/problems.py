"""What ends a call without its answer. Each code of the API has a class of its own in `hms_client.errors`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Violation:
    """One wrong field of a request."""

    field: str
    message: str


class HospitalError(Exception):
    """Whatever ends a call without its answer."""

    def __init__(self, message: str, *, correlation_id: str = "", attempts: int = 1) -> None:
        super().__init__(message)
        self.correlation_id = correlation_id
        """Under which the hospital's logs know the call."""
        self.attempts = attempts
        """How often the request was sent."""


class NoAnswer(HospitalError):
    """The hospital can't be reached, or the connection broke. What was asked for may have been done all the same, unless
    it is asked again under the same idempotency key.
    """


class DeadlinePassed(NoAnswer):
    """No answer came within the call's time."""


class UnreadableAnswer(HospitalError):
    """The answer is none that the API describes."""


class NotModified(HospitalError):
    """The caller has this version already: the answer to a read with `if_none_match`."""


class Problem(HospitalError):
    """The hospital says no, and why (RFC 9457)."""

    STATUS: ClassVar[int] = 0
    CODE: ClassVar[str] = ""

    def __init__(
        self,
        detail: str = "",
        *,
        code: str = "",
        status: int = 0,
        title: str = "",
        violations: tuple[Violation, ...] = (),
        retry_after: float | None = None,
        correlation_id: str = "",
        attempts: int = 1,
    ) -> None:
        self.code = code or self.CODE
        """The stable name of the rule that says no."""
        self.status = status or self.STATUS
        """The status of HTTP."""
        self.title = title
        self.detail = detail
        """A sentence for people."""
        self.violations = violations
        """All wrong fields of the request at once."""
        self.retry_after = retry_after
        """In seconds, where the hospital says when to come again."""
        message = f"{self.code}: {detail or title}" if detail or title else self.code
        if violations:
            message += " (" + "; ".join(f"{one.field} {one.message}" for one in violations) + ")"
        super().__init__(message, correlation_id=correlation_id, attempts=attempts)


def read_problem(
    body: object,
    status: int,
    retry_after: float | None,
    correlation_id: str,
    attempts: int,
    by_code: Mapping[str, type[Problem]],
    by_status: Mapping[int, type[Problem]],
) -> Problem:
    """The error of an answer, of the class of its code; where that is new to this client, of its status.

    `body` is what the answer holds as JSON, or None where something else than the hospital has answered.
    """
    told = body if isinstance(body, dict) else {}
    code = str(told.get("code") or f"HTTP_{status}")
    kind = by_code.get(code) or by_status.get(status) or Problem
    violations = told.get("violations")
    return kind(
        str(told.get("detail") or ""),
        code=code,
        status=status,
        title=str(told.get("title") or ""),
        violations=tuple(
            Violation(str(one.get("field", "")), str(one.get("message", "")))
            for one in (violations if isinstance(violations, list) else [])
            if isinstance(one, dict)
        ),
        retry_after=retry_after,
        correlation_id=str(told.get("correlation_id") or correlation_id),
        attempts=attempts,
    )
