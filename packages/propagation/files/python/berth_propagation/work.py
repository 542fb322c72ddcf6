"""Under which mark the code that runs now works. A mark ends with its answer: what a request starts and leaves running (a
task, a thread of a pool) would have it for ever."""

from contextvars import ContextVar
from time import monotonic

from .mark import read_mark

#: Work that goes on after the answer keeps the mark so long, seconds.
_GRACE = 0.5


class Work:
    __slots__ = ("mark", "over_at")

    def __init__(self, mark):
        self.mark = mark
        self.over_at = None

    def end(self):
        if self.over_at is None:
            self.over_at = monotonic()


_work = ContextVar("berth_work", default=None)


def enter(baggage):
    """The rest of this context works under the mark of `baggage`. Without one it works under none: a thread still has the
    context of the request before, whose work is over now."""
    previous = _work.get()
    mark = read_mark(baggage)
    if mark is None and previous is None:
        return None
    work = None if mark is None else Work(mark)
    _work.set(work)
    return work


def end_current():
    """The thread that answered one request takes up the next."""
    work = _work.get()
    if work is not None:
        work.end()


def current():
    work = _work.get()
    if work is None or (work.over_at is not None and monotonic() - work.over_at > _GRACE):
        return None
    return work.mark
