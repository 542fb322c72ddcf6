import os
from pathlib import Path

import requests
from flask import Flask

app = Flask(__name__)
version = Path(__file__).with_name("VERSION").read_text().strip()
orders = os.environ.get("ORDERS_URL", "http://orders.internal")
session = requests.Session()


@app.get("/")
def cart():
    answer = session.get(f"{orders}/orders", timeout=10)
    call = answer.json() if answer.ok else {"service": "orders", "status": answer.status_code}
    environment = os.environ.get("BERTH_ENVIRONMENT")
    return {"service": "cart", "version": version, "environment": environment, "calls": [call]}


@app.get("/health")
def health():
    return "cart"
