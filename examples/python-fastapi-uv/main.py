import sys

from fastapi import FastAPI
from pydantic import BaseModel


class Answer(BaseModel):
    framework: str
    python: str


app = FastAPI()


@app.get("/")
def hello() -> Answer:
    return Answer(framework="fastapi", python=f"{sys.version_info.major}.{sys.version_info.minor}")
