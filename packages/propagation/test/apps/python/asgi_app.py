import json

from clients import ASGI, WSGI
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
@app.post("/")
async def call(by: str, url: str, request: Request):
    await request.body()
    return json.dumps(await ASGI[by](url))


@app.get("/sync")
def call_in_thread(by: str, url: str):
    return json.dumps(WSGI[by](url))
