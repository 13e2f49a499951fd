"""Lists: records over all pages, or page by page. Nothing is asked before something is wanted."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Generic, TypeVar

from .retrying import Call
from .sending import AsyncSender, Sender

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list."""

    items: tuple[T, ...]
    next_page_token: str
    """Leads on as `page_token`; empty after the last page."""


def _page(name: str, read: Callable[[Any], T]) -> Callable[[Any], Page[T]]:
    return lambda data: Page(tuple(read(one) for one in data[name]), str(data["next_page_token"]))


def _at(call: Call, token: str) -> Call:
    query = [(name, value) for name, value in call.query if name != "page_token"]
    return dataclasses.replace(call, query=query + [("page_token", token)])


class Pages(Generic[T]):
    """A list: iterate it for every record. It can be iterated again, and then asks again."""

    def __init__(self, sender: Sender, call: Call, name: str, read: Callable[[Any], T]) -> None:
        self._sender = sender
        self._call = call
        self._read = _page(name, read)

    def page(self) -> Page[T]:
        """One page: the first, or the one that `page_token` names."""
        return self._sender.send(self._call, self._read)

    def pages(self) -> Iterator[Page[T]]:
        """Every page, each asked for when it is wanted."""
        page = self.page()
        yield page
        while page.next_page_token:
            page = self._sender.send(_at(self._call, page.next_page_token), self._read)
            yield page

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items


class AsyncPages(Generic[T]):
    """A list whose records are awaited: `async for`."""

    def __init__(self, sender: AsyncSender, call: Call, name: str, read: Callable[[Any], T]) -> None:
        self._sender = sender
        self._call = call
        self._read = _page(name, read)

    async def page(self) -> Page[T]:
        """One page: the first, or the one that `page_token` names."""
        return await self._sender.send(self._call, self._read)

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Every page, each asked for when it is wanted."""
        page = await self.page()
        yield page
        while page.next_page_token:
            page = await self._sender.send(_at(self._call, page.next_page_token), self._read)
            yield page

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.items:
                yield item
