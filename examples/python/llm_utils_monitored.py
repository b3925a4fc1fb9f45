"""Ask an Ollama through LLM Monitor's proxy, and read what the monitor knows.

One file, standard library only, Python 3.8 or newer: copy it beside your program.

    from llm_utils_monitored import query_ollama_monitored, get_monitor_status

    answer = query_ollama_monitored("Why is the sky blue?", model="mistral")

The program never needs the monitor: where no proxy listens the call goes to Ollama itself, unseen, and the functions
that read the monitor give None or an empty list when it does not answer.

Environment:
    LLM_MONITOR_APP        how the monitor calls this program (default: the name of its script)
    LLM_MONITOR_PROXY_URL  the proxy (default http://127.0.0.1:11435); "off" asks Ollama itself
    OLLAMA_HOST            Ollama, for when there is no proxy (default http://127.0.0.1:11434)
    LLM_MONITOR_URL        the monitor (default http://127.0.0.1:8080)
    LLM_MONITOR_TOKEN      its token, if it has one
"""

import http.client
import json
import os
import sys
import time
from urllib.parse import urlsplit

__all__ = [
    "OllamaError",
    "query_ollama_monitored",
    "query_ollama_fast_monitored",
    "get_monitor_status",
    "get_active_requests",
    "get_recent_requests",
    "get_model_performance",
]

# How long a connection may take, and how long the monitor may think, in seconds.
CONNECT_TIMEOUT = 10
MONITOR_TIMEOUT = 5


class OllamaError(RuntimeError):
    """Ollama refused the call or broke it off. `status` is that of its answer, 200 for what failed in a stream."""

    def __init__(self, message, status):
        super().__init__(message)
        self.status = status


def query_ollama_monitored(prompt, model="mistral", timeout=1800):
    """Gives the model's whole answer as text.

    `timeout` is for the whole call, in seconds. Raises TimeoutError when it is over, OllamaError when Ollama says no,
    and OSError when no server answers. The monitor records the call, and how it ended, in every case.
    """
    body = json.dumps({"model": model, "prompt": prompt, "stream": True}).encode("utf-8")
    deadline = time.monotonic() + timeout
    connection = _connect(deadline)
    try:
        connection.request("POST", _path(connection, "/api/generate"), body, _headers(timeout))
        return _read_answer(connection, deadline)
    except (TimeoutError, OSError) as error:
        # Before Python 3.10 a socket's time-out is no TimeoutError.
        if isinstance(error, TimeoutError) or "timed out" in str(error):
            raise TimeoutError(f"{model} did not answer within {timeout} seconds") from error
        raise
    except http.client.HTTPException as error:
        raise OllamaError(f"the answer broke off: {error or type(error).__name__}", 200) from error
    finally:
        connection.close()


def query_ollama_fast_monitored(prompt, model="phi3", timeout=600):
    """The same for a small model and a short answer."""
    return query_ollama_monitored(prompt, model=model, timeout=timeout)


def get_monitor_status():
    """State and totals of the monitor (GET /api/status), or None when it is down."""
    return _ask_monitor("/api/status", None)


def get_active_requests():
    """The calls that run, oldest first; empty when the monitor is down."""
    return _ask_monitor("/api/active", [])


def get_recent_requests(limit=10):
    """The calls that ended, newest first; empty when the monitor is down."""
    return _ask_monitor(f"/api/requests?limit={int(limit)}", [])


def get_model_performance():
    """Figures of each model; empty when the monitor is down."""
    return _ask_monitor("/api/models", [])


def _connect(deadline):
    """A connection to the proxy, or to Ollama itself when no proxy listens: then nothing has been sent yet."""
    proxy = os.environ.get("LLM_MONITOR_PROXY_URL", "").strip() or "http://127.0.0.1:11435"
    if proxy.lower() != "off":
        try:
            return _open(proxy, deadline)
        except (ConnectionRefusedError, ConnectionResetError):
            pass
    return _open(os.environ.get("OLLAMA_HOST", "").strip() or "http://127.0.0.1:11434", deadline)


def _open(address, deadline):
    url = urlsplit(address if "://" in address else f"http://{address}")
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    # What Ollama listens on is no address to call.
    host = "127.0.0.1" if url.hostname in (None, "0.0.0.0") else url.hostname
    port = url.port or (443 if url.scheme == "https" else 80 if "://" in address else 11434)
    connection = kind(host, port, timeout=_left(deadline, CONNECT_TIMEOUT))
    connection.base_path = url.path.rstrip("/")
    connection.connect()
    connection.sock.settimeout(_left(deadline))
    return connection


def _path(connection, path):
    return connection.base_path + path


def _headers(timeout):
    script = os.path.splitext(os.path.basename(sys.argv[0] or ""))[0]
    app = os.environ.get("LLM_MONITOR_APP", "").strip() or script or "python"
    return {
        "Content-Type": "application/json",
        "x-llm-monitor-app": app.encode("utf-8"),
        # The proxy sees only that a caller left: this tells it that its time was over.
        "x-llm-monitor-timeout-ms": str(round(timeout * 1000)),
    }


def _read_answer(connection, deadline):
    # Kept, since an answer that ends with its connection takes it away.
    sock = connection.sock
    response = connection.getresponse()
    if response.status != 200:
        raise OllamaError(_error_in(response.read()), response.status)
    pieces = []
    while True:
        sock.settimeout(_left(deadline))
        line = response.readline()
        if not line:
            raise OllamaError("the answer ended before its last line", 200)
        try:
            part = json.loads(line)
        except ValueError as error:
            raise OllamaError("the answer broke off within a line", 200) from error
        if "error" in part:
            raise OllamaError(part["error"], 200)
        pieces.append(part.get("response", ""))
        if part.get("done"):
            return "".join(pieces)


def _error_in(body):
    try:
        return json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return body.decode("utf-8", "replace").strip() or "no answer"


def _left(deadline, most=None):
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left if most is None else min(left, most)


def _ask_monitor(path, otherwise):
    base = os.environ.get("LLM_MONITOR_URL", "").strip() or "http://127.0.0.1:8080"
    token = os.environ.get("LLM_MONITOR_TOKEN", "").strip()
    connection = None
    try:
        connection = _open(base, time.monotonic() + MONITOR_TIMEOUT)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        connection.request("GET", _path(connection, path), headers=headers)
        response = connection.getresponse()
        return json.loads(response.read()) if response.status == 200 else otherwise
    except (OSError, ValueError, http.client.HTTPException):
        return otherwise
    finally:
        if connection:
            connection.close()


if __name__ == "__main__":
    try:
        print(query_ollama_monitored(*(sys.argv[1:] or ["Why is the sky blue?"])))
    except (OllamaError, OSError) as problem:
        sys.exit(f"{type(problem).__name__}: {problem}")
