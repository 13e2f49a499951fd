"""Amounts of money."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

# How many decimals the minor unit stands for, where it is not two (ISO 4217).
_DECIMALS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units: paise, cents.

    `currency` is an ISO 4217 code, or None where the answer names none: then it is the clinic's (`get_clinic`).
    """

    minor: int
    currency: str | None = None

    @property
    def decimal(self) -> Decimal:
        """The amount in major units: 800.00."""
        return Decimal(self.minor).scaleb(-_DECIMALS.get(self.currency or "", 2))

    def __int__(self) -> int:
        return self.minor

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}" if self.currency else str(self.decimal)
