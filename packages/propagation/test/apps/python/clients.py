"""The ways in which apps call others: each returns what the other service has got as baggage."""

import asyncio
import json
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import httpx
import requests

pool = ThreadPoolExecutor(4)
session = requests.Session()
blocking = httpx.Client()
seen = []


def urllib_get(url):
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)["baggage"]


def loop_for_ever(url):
    import time

    def run():
        while True:
            time.sleep(0.02)
            seen.append({"at": time.time() * 1000, "got": urllib_get(url)})

    pool.submit(run)
    return None


def thread(url):
    got = []
    one = threading.Thread(target=lambda: got.append(urllib_get(url)))
    one.start()
    one.join()
    return got[0]


WSGI = {
    "urllib": urllib_get,
    "requests": lambda url: requests.get(url).json()["baggage"],
    "session": lambda url: session.get(url).json()["baggage"],
    "httpx": lambda url: blocking.get(url).json()["baggage"],
    "pool": lambda url: pool.submit(urllib_get, url).result(),
    "own": lambda url: requests.get(url, headers={"baggage": "a=1,b=2"}).json()["baggage"],
    "leak": lambda url: requests.get(url, headers={"baggage": "a=1,berth-env=pa"}).json()["baggage"],
    "thread": thread,
    "startLoop": loop_for_ever,
    "seenByLoop": lambda url: seen,
}


#: One for all, with the connections that the first ones have opened.
client = httpx.AsyncClient()


async def httpx_async(url):
    return (await client.get(url)).json()["baggage"]


async def aiohttp_get(url):
    async with aiohttp.ClientSession() as one, one.get(url) as answer:
        return (await answer.json(content_type=None))["baggage"]


async def own_async(url):
    async with aiohttp.ClientSession() as one, one.get(url, headers={"baggage": "a=1,b=2"}) as answer:
        return (await answer.json(content_type=None))["baggage"]


async def leak_async(url):
    return (await client.get(url, headers={"baggage": "a=1,berth-env=pa"})).json()["baggage"]


async def slept(url):
    await asyncio.sleep(0.005)
    return await httpx_async(url)


async def start_loop(url):
    import time

    async def run():
        while True:
            await asyncio.sleep(0.02)
            seen.append({"at": time.time() * 1000, "got": await httpx_async(url)})

    ASGI["task"] = asyncio.create_task(run())


async def seen_by_loop(url):
    return seen


ASGI = {
    "httpx": httpx_async,
    "aiohttp": aiohttp_get,
    "slept": slept,
    "toThread": lambda url: asyncio.to_thread(urllib_get, url),
    "own": own_async,
    "leak": leak_async,
    "startLoop": start_loop,
    "seenByLoop": seen_by_loop,
}
