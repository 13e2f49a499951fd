"""Whether a request comes from the hospital: for whoever is told of things by a webhook.

    event = webhooks.read(request.body, request.headers["X-HMS-Signature"], secret)
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any


class WrongSignature(Exception):
    """The request is not the hospital's, or not one of now."""


def verify(
    body: bytes, signature: str, secret: str, *, tolerance: float = 300.0, now: Callable[[], float] = time.time
) -> None:
    """Raises `WrongSignature` unless the body was signed with this secret, and lately.

    body: as it came, before anything has read it.
    signature: the header `X-HMS-Signature`: `t=<unix time>,v1=<hex of HMAC-SHA-256 of "<unix time>.<body>">`.
    tolerance: seconds by which the two clocks may differ, transport included. It bounds how long somebody who has
        overheard a request can send it again; that it was sent before its `Idempotency-Key` tells.
    """
    parts = [part.strip().partition("=") for part in signature.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    codes = [value for name, _, value in parts if name == "v1"]
    if len(times) != 1 or not times[0].isdecimal() or not codes:
        raise WrongSignature("the signature can't be read")
    if abs(now() - int(times[0])) > tolerance:
        raise WrongSignature("the signature is not of now")
    code = hmac.new(secret.encode(), times[0].encode() + b"." + body, hashlib.sha256).hexdigest()
    if not any(hmac.compare_digest(code.encode(), one.encode()) for one in codes):
        raise WrongSignature("the signature is wrong")


def read(
    body: bytes, signature: str, secret: str, *, tolerance: float = 300.0, now: Callable[[], float] = time.time
) -> Any:
    """What the request tells, as JSON. Raises `WrongSignature` as `verify` does."""
    verify(body, signature, secret, tolerance=tolerance, now=now)
    return json.loads(body)
