"""When a request is sent again: decided here, without a socket and without waiting."""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

from .errors import BY_CODE, BY_STATUS
from .problems import DeadlinePassed, HospitalError, NoAnswer, NotModified, Problem, UnreadableAnswer, read_problem
from .wire import field_text

# The longest time that the API gives to one request.
_LONGEST_TIMEOUT_MS = 60_000


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often, and after how long, a request is sent again."""

    attempts: int = 10
    """Tries at most, the first one among them; the call's deadline ends them as well."""
    first_delay: float = 0.5
    """In seconds, before the second try. It doubles with every further one."""
    longest_delay: float = 8.0
    """In seconds. A longer `Retry-After` is obeyed all the same."""
    chance: Callable[[float, float], float] = random.uniform
    """Picks a delay between half and all of what it could be, so that many callers don't come at once."""

    def delay(self, attempt: int, retry_after: float | None) -> float:
        """Seconds to wait after the try of this number, from 1."""
        most = min(self.longest_delay, self.first_delay * 2.0 ** (attempt - 1))
        return max(self.chance(most / 2, most), retry_after or 0.0)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API, whatever it takes to get its answer."""

    operation: str
    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    body: Mapping[str, Any] | None = None
    keyed: bool = False
    """Whether the request carries an idempotency key."""
    idempotency_key: str | None = None
    """The caller's own; one is made where there is none."""
    if_match: int | None = None
    if_none_match: int | None = None
    repeatable: bool = True
    """Whether a second request leaves what the first left."""
    timeout: float | None = None
    correlation_id: str | None = None
    access_reason: str | None = None
    """Why a doctor reads somebody whom he does not treat."""

    @property
    def content(self) -> bytes | None:
        return None if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()


class Attempts:
    """The tries of one call: what each carries, and what follows from its end."""

    def __init__(self, call: Call, policy: RetryPolicy, timeout: float, now: Callable[[], float] = time.monotonic) -> None:
        self._call = call
        self._policy = policy
        self._now = now
        self._deadline = now() + (timeout if call.timeout is None else call.timeout)
        # A change of one version finds another one after it was made: the second request would be refused.
        self._is_safe = call.repeatable and (call.if_match is None or call.method == "GET")
        self._key = (call.idempotency_key or str(uuid.uuid4())) if call.keyed else None
        self._reason = None if call.access_reason is None else field_text(call.access_reason)
        self.correlation_id = call.correlation_id or uuid.uuid4().hex
        self.count = 0

    @property
    def seconds_left(self) -> float:
        return self._deadline - self._now()

    def begin(self, token: str | None) -> dict[str, str]:
        """Counts a try, and makes its header."""
        if self.seconds_left <= 0:
            raise self._passed()
        self.count += 1
        headers = {
            "Accept": "application/json",
            "X-Correlation-ID": self.correlation_id,
            "X-Timeout-Ms": str(min(_LONGEST_TIMEOUT_MS, max(1, int(self.seconds_left * 1000)))),
        }
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if self._call.body is not None:
            headers["Content-Type"] = "application/json"
        if self._key is not None:
            headers["Idempotency-Key"] = self._key
        if self._reason is not None:
            headers["X-Access-Reason"] = self._reason
        if self._call.if_match is not None:
            headers["If-Match"] = f'"{self._call.if_match}"'
        if self._call.if_none_match is not None:
            headers["If-None-Match"] = f'"{self._call.if_none_match}"'
        return headers

    def check(self) -> None:
        """Raises where the time is over while an answer arrives."""
        if self.seconds_left <= 0:
            raise self._passed()

    def failed(self, error: Exception, *, was_sent: bool) -> float:
        """Seconds until the next try after one without an answer. Raises where there is none."""
        if self.seconds_left <= 0:
            raise self._passed() from error
        if self._is_safe or not was_sent:
            delay = self._next_delay(None)
            if delay is not None:
                return delay
        message = f"{self._call.method} {self._call.path}: {error or type(error).__name__}"
        raise NoAnswer(message, correlation_id=self.correlation_id, attempts=self.count) from error

    def answered(self, status: int, headers: Mapping[str, str], body: bytes) -> Wait | Any:
        """What the answer holds, or a `Wait` until the next try. Raises what the answer says no with."""
        if status in (200, 201):
            return self._parsed(body)
        if status == 204:
            return None
        if status == 304:
            raise NotModified("This version is known.", correlation_id=self.correlation_id, attempts=self.count)
        problem = self._problem(status, headers, body)
        if self._may_repeat(problem):
            delay = self._next_delay(problem.retry_after)
            if delay is not None:
                return Wait(delay)
        raise problem

    def _may_repeat(self, problem: Problem) -> bool:
        if problem.status == 429 or problem.code == "OVERLOADED":
            return True  # Nothing was begun.
        return self._is_safe and (problem.status in (502, 503, 504) or problem.code == "IDEMPOTENCY_IN_PROGRESS")

    def _next_delay(self, retry_after: float | None) -> float | None:
        if self.count >= self._policy.attempts:
            return None
        delay = self._policy.delay(self.count, retry_after)
        return delay if delay < self.seconds_left else None

    def _parsed(self, body: bytes) -> Any:
        try:
            return json.loads(body)
        except ValueError as error:
            raise self.unreadable(str(error)) from error

    def unreadable(self, why: str) -> UnreadableAnswer:
        return UnreadableAnswer(
            f"{self._call.operation}: {why}", correlation_id=self.correlation_id, attempts=self.count
        )

    def _problem(self, status: int, headers: Mapping[str, str], body: bytes) -> Problem:
        try:
            told: Any = json.loads(body)
        except ValueError:
            told = None
        after = _seconds(headers.get("retry-after"))
        return read_problem(told, status, after, self.correlation_id, self.count, BY_CODE, BY_STATUS)

    def _passed(self) -> HospitalError:
        message = f"{self._call.method} {self._call.path}: no answer in time"
        return DeadlinePassed(message, correlation_id=self.correlation_id, attempts=self.count)


@dataclass(frozen=True, slots=True)
class Wait:
    """That the request is to be sent again."""

    seconds: float


def _seconds(retry_after: str | None) -> float | None:
    """A `Retry-After`, which is a number of seconds or a date."""
    if retry_after is None:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None
