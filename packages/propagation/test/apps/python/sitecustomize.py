"""The app's own sitecustomize, which the propagator's hides: every name is this machine, as if our DNS had answered."""

import socket

_getaddrinfo = socket.getaddrinfo


def getaddrinfo(host, *args, **kwargs):
    name = host.decode() if isinstance(host, bytes) else str(host)
    return _getaddrinfo("127.0.0.1" if name.endswith((".internal", ".example")) else host, *args, **kwargs)


socket.getaddrinfo = getaddrinfo
