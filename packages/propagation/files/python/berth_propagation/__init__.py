"""Carries the environment's mark, the `berth-*` members of W3C `baggage`, from the request that is worked on to the requests
that are made for it. Nothing of the app is changed; whatever goes wrong in here the app does not notice: the mark is lost
then, which is allowed. A wrong mark is not. Runs in Python 3.11 to 3.13."""

from . import importing, incoming, outgoing
from .work import current


def install():
    importing.patch_when_imported({**incoming.PATCHES, **outgoing.PATCHES})


__all__ = ["current", "install"]
