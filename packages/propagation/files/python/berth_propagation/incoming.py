"""Requests that come in: by servers where they have a place for it, else by the framework (uWSGI is C). Both may see the
same request; the first has left its Work in the request's environment."""

from .importing import quietly
from .work import end_current, enter

_SEEN = "berth.work"


def _enter_wsgi(environ):
    if _SEEN in environ:
        return None
    end_current()
    environ[_SEEN] = work = enter(environ.get("HTTP_BAGGAGE"))
    return work


def _enter_asgi(scope):
    if scope["type"] not in ("http", "websocket") or _SEEN in scope:
        return None
    baggage = [value.decode("latin-1") for name, value in scope["headers"] if name == b"baggage"]
    scope[_SEEN] = work = enter(",".join(baggage))
    return work


class _Answer:
    """Servers call close() when they have sent it (PEP 3333)."""

    def __init__(self, parts, work):
        self._parts = parts
        self._work = work

    def __iter__(self):
        return iter(self._parts)

    def close(self):
        self._work.end()
        if hasattr(self._parts, "close"):
            self._parts.close()


def _patch_wsgi(owner):
    call = owner.__call__

    def __call__(self, environ, *args, **kwargs):
        work = quietly(_enter_wsgi, environ)
        answer = call(self, environ, *args, **kwargs)
        return answer if work is None else _Answer(answer, work)

    owner.__call__ = __call__


def _patch_asgi(owner):
    call = owner.__call__

    async def __call__(self, scope, *args, **kwargs):
        work = quietly(_enter_asgi, scope)
        try:
            return await call(self, scope, *args, **kwargs)
        finally:
            if work is not None:
                work.end()

    owner.__call__ = __call__


def _gunicorn(module):
    """Not BaseApplication.wsgi(): with uvicorn's worker class that is an ASGI app. `create` is called for each request."""
    create = module.create
    close = module.Response.close

    def create_marked(*args, **kwargs):
        response, environ = create(*args, **kwargs)
        response.berth_work = quietly(_enter_wsgi, environ)
        return response, environ

    def close_marked(self, *args, **kwargs):
        work = getattr(self, "berth_work", None)
        if work is not None:
            work.end()
        return close(self, *args, **kwargs)

    module.create = create_marked
    module.Response.close = close_marked


class _MarkedApp:
    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        await self._app(scope, receive, send)


_patch_asgi(_MarkedApp)


def _uvicorn(module):
    load = module.Config.load

    def load_marked(self):
        load(self)
        self.loaded_app = _MarkedApp(self.loaded_app)

    module.Config.load = load_marked


PATCHES = {
    "gunicorn.http.wsgi": _gunicorn,
    "uvicorn.config": _uvicorn,
    "hypercorn.app_wrappers": lambda module: (_patch_asgi(module.ASGIWrapper), _patch_asgi(module.WSGIWrapper)),
    "flask.app": lambda module: _patch_wsgi(module.Flask),
    "django.core.handlers.wsgi": lambda module: _patch_wsgi(module.WSGIHandler),
    "django.core.handlers.asgi": lambda module: _patch_asgi(module.ASGIHandler),
}
