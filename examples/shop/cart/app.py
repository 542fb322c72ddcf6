import os
from pathlib import Path

import requests
from flask import Flask

app = Flask(__name__)
version = Path(__file__).with_name("VERSION").read_text().strip()
environment = os.environ.get("BERTH_ENVIRONMENT")
orders = os.environ.get("ORDERS_URL", "http://orders.internal")
session = requests.Session()


@app.get("/")
def cart():
    return answer_of("/orders")


@app.get("/buy")
def buy():
    return answer_of("/buy")


def answer_of(path):
    answer = session.get(f"{orders}{path}", timeout=10)
    call = answer.json() if answer.ok else {"service": "orders", "status": answer.status_code}
    return {"service": "cart", "version": version, "environment": environment, "calls": [call]}


@app.get("/health")
def health():
    return "cart"
