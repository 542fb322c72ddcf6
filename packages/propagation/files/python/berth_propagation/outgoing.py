"""Requests that go out: http.client (urllib, requests and urllib3 are made of it), httpx, aiohttp; and what carries the mark
into the threads of a pool."""

from contextvars import copy_context

from .importing import before
from .mark import baggage_for
from .work import current


def _http_client(connection, *_):
    """The lines of the head wait in `_buffer` until they are sent; the app's own header is among them."""
    lines = connection._buffer
    at = next((index for index, line in enumerate(lines) if line[:8].lower() == b"baggage:"), None)
    own = None if at is None else lines[at][8:].strip().decode("latin-1")
    wanted = baggage_for(connection.host, own, current())
    if wanted == own:
        return
    if at is not None:
        del lines[at]
    if wanted:
        connection.putheader("baggage", wanted)


def _set(headers, host):
    own = headers.get("baggage")
    wanted = baggage_for(host, own, current())
    if wanted == own:
        return
    if wanted:
        headers["baggage"] = wanted
    else:
        del headers["baggage"]


def _httpx(_client, request, *_):
    _set(request.headers, request.url.host)


def _aiohttp(request, *_):
    _set(request.headers, request.url.host)


def _executor(module):
    """Threads have no context of who asked them (until Python 3.14)."""
    submit = module.ThreadPoolExecutor.submit

    def submit_marked(self, fn, /, *args, **kwargs):
        if current() is None:
            return submit(self, fn, *args, **kwargs)
        return submit(self, copy_context().run, fn, *args, **kwargs)

    module.ThreadPoolExecutor.submit = submit_marked


def _patch_httpx(module):
    before(module.Client, "_send_single_request", _httpx)
    before(module.AsyncClient, "_send_single_request", _httpx)


PATCHES = {
    "http.client": lambda module: before(module.HTTPConnection, "endheaders", _http_client),
    "httpx._client": _patch_httpx,
    "aiohttp.client_reqrep": lambda module: before(module.ClientRequest, "send", _aiohttp),
    "concurrent.futures.thread": _executor,
}
