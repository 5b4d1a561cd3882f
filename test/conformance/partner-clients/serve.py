"""Plays clients of one library: reads a call as JSON from each line, answers by a line."""

import importlib
import json
import sys

Client = importlib.import_module(sys.argv[1]).Client
clients = {}


def answer(call):
    args = call["args"]
    if call["call"] == "open":
        clients[call["client"]] = Client(**args)
        return None
    return getattr(clients[call["client"]], call["call"])(**args)


for line in sys.stdin:
    call = json.loads(line)
    try:
        out = {"id": call["id"], "value": answer(call)}
    except Exception as error:
        out = {"id": call["id"], "error": f"{type(error).__name__}: {error}"}
    print(json.dumps(out), flush=True)
