"""A small OpenAI-compatible server for Video-LLMs that have none: frames and words in, words out.

Needs Pillow alone besides the standard library, on Python 3.9 or later. It answers one request at a time,
listens on this machine only unless it is told otherwise, and reads pictures from `data:` URLs only.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, NamedTuple

from PIL import Image

LARGEST_REQUEST_BYTES = 256 * 1024 * 1024


class Asked(NamedTuple):
    """What a model is asked."""

    frames: list[Image.Image]
    """RGB, in the order of the messages."""
    words: str
    """All texts of the messages, a line each."""
    max_tokens: int
    temperature: float
    """0 is greedy."""
    top_p: float
    seed: int


class Said(NamedTuple):
    """What a model says."""

    text: str
    tokens: int
    is_whole: bool
    """Whether it came to an end by itself."""


Model = Callable[[Asked], Said]


class BadRequest(Exception):
    """The request is not one that can be answered."""


def read_request(body: dict[str, Any]) -> list[Asked]:
    """What is asked, once for each of `n`; raises BadRequest."""
    try:
        frames, words = [], []
        for message in body["messages"]:
            content = message["content"]
            parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
            for part in parts:
                if part["type"] == "text":
                    words.append(part["text"])
                elif part["type"] == "image_url":
                    frames.append(_picture(part["image_url"]["url"]))
                else:
                    raise BadRequest(f"parts of type {part['type']!r} are not read")
        seed = int(body.get("seed") or 0)
        return [
            Asked(
                frames=frames,
                words="\n".join(words),
                max_tokens=int(body.get("max_completion_tokens") or body.get("max_tokens") or 512),
                temperature=float(body.get("temperature") or 0.0),
                top_p=float(body.get("top_p") or 1.0),
                seed=seed + number,
            )
            for number in range(int(body.get("n") or 1))
        ]
    except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
        raise BadRequest(f"not a chat request: {type(error).__name__}: {error}") from error


def _picture(url: str) -> Image.Image:
    head, comma, data = url.partition(",")
    if not (comma and head.startswith("data:image/") and head.endswith(";base64")):
        raise BadRequest("pictures are read from data:image/...;base64 URLs only")
    return Image.open(io.BytesIO(base64.b64decode(data, validate=True))).convert("RGB")


def completion(name: str, said: list[Said]) -> dict[str, Any]:
    """The reply to a chat request."""
    return {
        "object": "chat.completion",
        "model": name,
        "choices": [
            {
                "index": number,
                "message": {"role": "assistant", "content": one.text},
                "finish_reason": "stop" if one.is_whole else "length",
            }
            for number, one in enumerate(said)
        ],
        "usage": {"prompt_tokens": 0, "completion_tokens": sum(one.tokens for one in said)},
    }


def make_server(model: Model, name: str, host: str, port: int) -> HTTPServer:
    """A server of `/v1/chat/completions` and `/v1/models`; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            listed = {"object": "list", "data": [{"id": name, "object": "model"}]}
            self._send(200, listed) if self.path == "/v1/models" else self._refuse(404, "no such page")

        def do_POST(self) -> None:
            if self.path != "/v1/chat/completions":
                return self._refuse(404, "no such page")
            length = int(self.headers.get("Content-Length") or 0)
            if length > LARGEST_REQUEST_BYTES:
                return self._refuse(413, "the request is too large")
            try:
                said = [model(one) for one in read_request(json.loads(self.rfile.read(length)))]
            except (BadRequest, json.JSONDecodeError) as error:
                return self._refuse(400, str(error))
            return self._send(200, completion(name, said))

        def _refuse(self, status: int, reason: str) -> None:
            self._send(status, {"error": {"message": reason}})

        def _send(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return HTTPServer((host, port), Handler)


def serve(model: Model, name: str, host: str, port: int) -> None:
    """Answer until the process is ended."""
    print(f"{name} answers on http://{host}:{port}/v1", flush=True)
    make_server(model, name, host, port).serve_forever()


def parser(description: str) -> argparse.ArgumentParser:
    """The flags that every server here has."""
    flags = argparse.ArgumentParser(description=description)
    flags.add_argument("--host", default="127.0.0.1")
    flags.add_argument("--port", type=int, default=8000)
    return flags
