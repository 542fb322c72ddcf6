"""What the mark is as text, and who may see it."""

import os

_HOSTS = tuple(
    host.strip().lower() for host in os.environ.get("BERTH_PROPAGATE_TO", ".internal").split(",") if host.strip()
)

#: Servers refuse headers of some length; then the app's own are worth more than ours.
_HEADER_MAX = 8_000
_VALUE_MAX = 128
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_VALUE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-")


def is_ours(host):
    """`.internal` means all below it, `a.internal` that one and all below it."""
    name = str(host).lower().rstrip(".")
    return any(
        name.endswith(one) if one.startswith(".") else name == one or name.endswith("." + one) for one in _HOSTS
    )


def read_mark(baggage):
    """The members of a baggage header that are ours, the last of each name; None when there is none."""
    if not baggage or "berth-" not in baggage:
        return None
    found = {}
    for member in baggage.split(","):
        name, equals, value = member.split(";")[0].partition("=")
        name, value = name.strip(), value.strip()
        if not name.startswith("berth-") or not equals or not 0 < len(value) <= _VALUE_MAX:
            continue
        if name[6:] and _LETTERS.issuperset(name[6:]) and _VALUE.issuperset(value):
            found[name] = value
    return ",".join(f"{name}={value}" for name, value in found.items()) or None


def baggage_for(host, own, mark):
    """What a host gets as baggage: `own` is what the app says, `mark` under which it works. None: no header."""
    if not is_ours(host):
        return _without_mark(own) if own else own
    if mark is None:
        return own
    if not own:
        return mark
    names = {member.split("=")[0].strip() for member in own.split(",")}
    whole = ",".join([own, *(one for one in mark.split(",") if one.split("=")[0] not in names)])
    return own if len(whole) > _HEADER_MAX else whole


def _without_mark(own):
    """A tracer of the app hands on whatever came in, also to somebody outside."""
    if "berth-" not in own:
        return own
    return ",".join(member for member in own.split(",") if not member.strip().startswith("berth-")) or None
