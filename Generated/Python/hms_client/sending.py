"""Calls over httpx, for programs that wait and for those that do not."""

from __future__ import annotations

import asyncio
import inspect
import ssl
import time
from collections.abc import Awaitable, Callable
from typing import Any, Self, TypeVar

import httpx

from .retrying import Attempts, Call, RetryPolicy, Wait

T = TypeVar("T")

Token = str | Callable[[], str]
"""A token, or what gives one: it is asked before every request, so that a token can be renewed."""

AsyncToken = str | Callable[[], str | Awaitable[str]]

# Errors of a request that has not left.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def read_answer(read: Callable[[Any], T], value: Any, attempts: Attempts) -> T:
    """The answer as the caller gets it."""
    try:
        return read(value)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise attempts.unreadable(f"{type(error).__name__} {error}") from error


class Sender:
    """Sends calls and waits for their answers. Threads may share it."""

    def __init__(
        self,
        url: str,
        *,
        token: Token | None = None,
        timeout: float = 30.0,
        retry: RetryPolicy = RetryPolicy(),
        tls: ssl.SSLContext | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        url: where the hospital is: `https://hospital.example`.
        token: a bearer token, or a function that gives one before every request.
        timeout: the seconds that a call has for all its tries; a method's own `timeout` goes before it.
        retry: how often, and after how long, a request is sent again.
        tls: whom to trust, where that is not what the system trusts.
        transport: what carries the requests instead of sockets: a test double, a proxy.
        sleep, now: the clock, for tests.
        """
        self._token = token
        self._timeout = timeout
        self._retry = retry
        self._sleep = sleep
        self._now = now
        self._client = httpx.Client(base_url=url, transport=transport, verify=tls or True, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def send(self, call: Call, read: Callable[[Any], T]) -> T:
        """The answer to a call. Raises a `HospitalError`."""
        attempts = Attempts(call, self._retry, self._timeout, self._now)
        while True:
            token = self._token() if callable(self._token) else self._token
            headers = attempts.begin(token)
            try:
                status, answer_headers, body = self._exchange(call, headers, attempts)
            except httpx.TransportError as error:
                self._sleep(attempts.failed(error, was_sent=not isinstance(error, _NOT_SENT)))
                continue
            answer = attempts.answered(status, answer_headers, body)
            if not isinstance(answer, Wait):
                return read_answer(read, answer, attempts)
            self._sleep(answer.seconds)

    def _exchange(self, call: Call, headers: dict[str, str], attempts: Attempts) -> tuple[int, httpx.Headers, bytes]:
        with self._client.stream(
            call.method,
            call.path,
            params=tuple(call.query) or None,
            headers=headers,
            content=call.content,
            timeout=attempts.seconds_left,
        ) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                attempts.check()
                body += chunk
            return response.status_code, response.headers, bytes(body)


class AsyncSender:
    """Sends calls whose answers are awaited."""

    def __init__(
        self,
        url: str,
        *,
        token: AsyncToken | None = None,
        timeout: float = 30.0,
        retry: RetryPolicy = RetryPolicy(),
        tls: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """As of `Sender`; what gives a token may be awaited."""
        self._token = token
        self._timeout = timeout
        self._retry = retry
        self._sleep = sleep
        self._now = now
        self._client = httpx.AsyncClient(base_url=url, transport=transport, verify=tls or True, follow_redirects=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    async def send(self, call: Call, read: Callable[[Any], T]) -> T:
        """The answer to a call. Raises a `HospitalError`."""
        attempts = Attempts(call, self._retry, self._timeout, self._now)
        while True:
            headers = attempts.begin(await self._current_token())
            try:
                status, answer_headers, body = await self._exchange(call, headers, attempts)
            except httpx.TransportError as error:
                await self._sleep(attempts.failed(error, was_sent=not isinstance(error, _NOT_SENT)))
                continue
            answer = attempts.answered(status, answer_headers, body)
            if not isinstance(answer, Wait):
                return read_answer(read, answer, attempts)
            await self._sleep(answer.seconds)

    async def _current_token(self) -> str | None:
        if not callable(self._token):
            return self._token
        given = self._token()
        return await given if inspect.isawaitable(given) else given

    async def _exchange(
        self, call: Call, headers: dict[str, str], attempts: Attempts
    ) -> tuple[int, httpx.Headers, bytes]:
        async with self._client.stream(
            call.method,
            call.path,
            params=tuple(call.query) or None,
            headers=headers,
            content=call.content,
            timeout=attempts.seconds_left,
        ) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                attempts.check()
                body += chunk
            return response.status_code, response.headers, bytes(body)
