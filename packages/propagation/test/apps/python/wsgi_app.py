import json

from clients import WSGI
from flask import Flask, request

app = Flask(__name__)


@app.route("/", methods=["GET", "POST"])
def call():
    request.get_data()
    return json.dumps(WSGI[request.args["by"]](request.args["url"]))
