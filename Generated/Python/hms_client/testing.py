"""A hospital for tests of programs that use this client: it answers from memory.

    hospital = HospitalDouble()
    hospital.answer("get_patient", example(Patient, "get_patient", name="Asha Rao"))
    hospital.answer("book_appointment", DoctorSlotTaken("Somebody was faster."))
    client = Hospital("http://hospital", token="any", transport=hospital)
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote

import httpx

from .examples import EXAMPLES, ROUTES
from .problems import Problem
from .wire import Record, encode, read_field_text

R = TypeVar("R", bound=Record)


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """A request as the double has got it."""

    operation: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    access_reason: str | None
    """Why the caller says that he needs it, as he has said it."""


Answer = Record | Problem | Exception | Sequence[Record] | Mapping[str, Any] | None
"""What is answered: a record, a list of them, a problem, JSON, nothing; or an error of httpx that is raised."""


def example(kind: type[R], operation: str, **changes: Any) -> R:
    """The record that the contract gives as an example of the operation's answer, with changes."""
    found = EXAMPLES[operation]
    if "next_page_token" in found:
        found = next(value for name, value in found.items() if name != "next_page_token")[0]
    record: R = kind.from_json(found)  # type: ignore[attr-defined]
    return dataclasses.replace(record, **changes)  # type: ignore[type-var]


class HospitalDouble(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers every operation with the contract's example, until it is told something else.

    `asked` holds every request, the oldest first.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._answers: dict[str, list[Answer | Callable[[Asked], Answer]]] = {}

    def answer(self, operation: str, *answers: Answer | Callable[[Asked], Answer]) -> None:
        """Answers the operation's calls with these, one after the other, and the last one again and again.

        A list of records is given out in pages. A function gets the request and gives the answer.
        """
        if operation not in EXAMPLES:
            raise ValueError(f"there is no operation {operation}")
        self._answers[operation] = list(answers)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._respond(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._respond(request, await request.aread())

    def _respond(self, request: httpx.Request, content: bytes) -> httpx.Response:
        asked = self._read(request, content)
        if asked is None:
            return self._problem(Problem("No operation has this path.", code="ROUTE_NOT_FOUND", status=404), request)
        self.asked.append(asked)
        waiting = self._answers.get(asked.operation)
        answer: Answer = EXAMPLES[asked.operation]
        if waiting:
            next_answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            answer = next_answer(asked) if callable(next_answer) else next_answer
        return self._response(answer, asked, request)

    def _read(self, request: httpx.Request, content: bytes) -> Asked | None:
        path, _, query = request.url.raw_path.decode().partition("?")
        for operation, method, template in ROUTES:
            found = _matched(template, path) if method == request.method else None
            if found is not None:
                body = json.loads(content) if content else {}
                reason = request.headers.get("X-Access-Reason")
                said = None if reason is None else read_field_text(reason)
                return Asked(operation, found, dict(parse_qsl(query)), body, request.headers, said)
        return None

    def _response(self, answer: Answer, asked: Asked, request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Problem):
            return self._problem(answer, request)
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            return httpx.Response(204, request=request)
        if isinstance(answer, Sequence):
            return httpx.Response(200, json=self._page(answer, asked), request=request)
        return httpx.Response(200, json=encode(answer), request=request)

    def _page(self, records: Iterable[Record], asked: Asked) -> dict[str, Any]:
        """The page that is asked for; its token is the place of its first record."""
        everything = [encode(record) for record in records]
        first = int(asked.query.get("page_token") or 0)
        end = first + int(asked.query.get("page_size") or 50)
        name = next(key for key in EXAMPLES[asked.operation] if key != "next_page_token")
        return {name: everything[first:end], "next_page_token": str(end) if end < len(everything) else ""}

    def _problem(self, problem: Problem, request: httpx.Request) -> httpx.Response:
        told = {
            "type": f"urn:hms:problem:{problem.code}",
            "title": problem.title,
            "status": problem.status,
            "detail": problem.detail,
            "code": problem.code,
            "correlation_id": request.headers.get("X-Correlation-ID", ""),
            "violations": [dataclasses.asdict(one) for one in problem.violations],
        }
        headers = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
        return httpx.Response(problem.status, json=told, headers=headers, request=request)


def _matched(template: str, path: str) -> dict[str, str] | None:
    """What stands in the path at the names of the template; None where it is another path."""
    wanted, found = template.split("/"), path.split("/")
    if len(wanted) != len(found):
        return None
    values: dict[str, str] = {}
    for name, value in zip(wanted, found):
        if name.startswith("{"):
            values[name[1:-1]] = unquote(value)
        elif name != value:
            return None
    return values
