import sys

import bottle


@bottle.get("/")
def hello():
    return {"framework": "bottle", "python": f"{sys.version_info.major}.{sys.version_info.minor}"}


app = bottle.default_app()
