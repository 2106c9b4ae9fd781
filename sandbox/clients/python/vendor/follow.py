"""`follow`: reads the feed, and waits for what comes, until it is stopped."""

import random
import sys
import time
from collections.abc import Callable

from passerelle import UnavailableError, UnreachableError

from .feed import Follower

LONG_POLL_SECONDS = 30
LONGEST_PAUSE_SECONDS = 60.0


def follow(follower: Follower, once: bool, sleep: Callable[[float], None] = time.sleep) -> int:
    """Follows the feed from where the last run has come to. With `once`, it ends at the end of the feed."""
    failures = 0
    while True:
        try:
            page = follower.read(0 if once else LONG_POLL_SECONDS)
            failures = 0
        except (UnreachableError, UnavailableError) as error:
            if once:
                raise
            failures += 1
            pause_after(error, failures, sleep)
            continue
        if once and not page.has_more:
            print(f"everything up to event {follower.after} is handled")
            return 0


def pause_after(
    error: UnreachableError | UnavailableError, failures: int, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Waits after a call that failed in spite of its repeats: a follower goes on for as long as it runs."""
    asked = error.retry_after if isinstance(error, UnavailableError) else None
    pause = max(asked or 0.0, min(LONGEST_PAUSE_SECONDS, 2.0**failures) * (0.5 + random.random() / 2))
    print(f"the gateway is away, again in {pause:.0f} s: {error}", file=sys.stderr, flush=True)
    sleep(pause)
