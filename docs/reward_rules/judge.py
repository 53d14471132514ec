"""Judges how many of the row's keywords a completion has. JSON lines in, JSON lines out; nothing else on stdout."""
import json
import sys

for line in sys.stdin:  # ends when hone closes it
    request = json.loads(line)
    keywords = request["row"].get("keywords")
    if keywords:
        text = request["completion"].lower()
        found = [word for word in keywords if word in text]
        answer = {"value": len(found) / len(keywords), "detail": {"found": found}}
    else:
        answer = {"error": "the row has no keywords"}
    print(json.dumps({"id": request["id"], **answer}), flush=True)
