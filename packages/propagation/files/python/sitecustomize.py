"""Loaded by Python before the app: starts the propagator, then the sitecustomize that this one hides, if there is one."""

import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))

try:
    import berth_propagation

    berth_propagation.install()
except Exception:
    pass  # the app runs without

# The app's own path is as if we were not there; processes that it starts still get ours by PYTHONPATH.
sys.path[:] = [path for path in sys.path if path != _here]
_own = sys.modules.pop("sitecustomize")
try:
    import sitecustomize  # noqa: F401  of the distribution, of a tracer, or of the app
except ModuleNotFoundError as error:
    if error.name != "sitecustomize":
        raise
    sys.modules["sitecustomize"] = _own
