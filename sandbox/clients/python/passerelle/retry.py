"""Which requests are sent again, and after how many seconds. No waiting and no network here."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

# The gateway, or a proxy before it, is busy or away. Any other refusal would be the same the next time.
RETRIED_STATUSES = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how patiently a request is repeated. Times are in seconds."""

    attempts: int = 6
    """How often a request is sent at most, the first time included."""
    base: float = 0.25
    """The pause after the first attempt; it doubles with each further one."""
    cap: float = 10.0
    """The longest pause that the doubling leads to."""
    longest_wait: float = 120.0
    """A `Retry-After` beyond this is not waited for: the caller is told."""

    def delay(self, attempt: int, retry_after: float | None, chance: float) -> float | None:
        """The seconds to wait after this attempt (the first is 1), or nothing where it was the last one.

        `chance` is between 0 and 1. It spreads the requests of many clients that failed at the same moment.
        """
        if attempt >= self.attempts or (retry_after is not None and retry_after > self.longest_wait):
            return None
        backoff = min(self.cap, self.base * 2.0 ** (attempt - 1)) * (0.5 + chance / 2)
        if retry_after is None:
            return backoff
        return max(backoff, retry_after * (1 + chance / 10))


def is_repeatable(method: str, has_idempotency_key: bool) -> bool:
    """Whether sending the request twice has the effect of sending it once.

    A PUT is: the gateway takes the same content twice as one revision, and `If-Match` (or its absence) keeps a
    repeated one from replacing what somebody else sent meanwhile.
    """
    return method in ("GET", "PUT", "DELETE") or has_idempotency_key


def parse_retry_after(text: str | None, now: datetime) -> float | None:
    """The seconds that `Retry-After` asks for: a number, or a date in the words of HTTP."""
    if text is None:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError):
        return None
