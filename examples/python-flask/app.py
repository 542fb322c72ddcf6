import sys

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello():
    return {"framework": "flask", "python": f"{sys.version_info.major}.{sys.version_info.minor}"}
