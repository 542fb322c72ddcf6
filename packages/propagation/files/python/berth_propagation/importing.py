"""Patches modules when the app imports them; nothing is imported for our sake."""

import sys


class _Finder:
    def __init__(self, patches):
        self._patches = patches

    def find_spec(self, name, path=None, target=None):
        patch = self._patches.get(name)
        if patch is None:
            return None
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                _patch_after(spec, patch)
                return spec
        return None


def _patch_after(spec, patch):
    loader = spec.loader
    if not hasattr(loader, "exec_module"):
        return
    execute = loader.exec_module

    def exec_module(module):
        execute(module)
        quietly(patch, module)

    loader.exec_module = exec_module


def patch_when_imported(patches):
    for name in [name for name in patches if name in sys.modules]:
        quietly(patches.pop(name), sys.modules[name])
    sys.meta_path.insert(0, _Finder(patches))


def quietly(body, *args):
    try:
        return body(*args)
    except Exception:
        return None


def before(owner, name, body):
    """`body` is called with the arguments of each call of owner.name."""
    original = getattr(owner, name)

    def called(*args, **kwargs):
        quietly(body, *args)
        return original(*args, **kwargs)

    called.__wrapped__ = original
    called.__name__ = name
    setattr(owner, name, called)
