"""Three agents that work on one thing after the other, seen by LLM Monitor as three apps.

Standard library only, Python 3.8 or newer. They ask Ollama through the monitor's proxy, and say who they are in a header:

    python3 agents.py               for ever
    python3 agents.py 3 1           three rounds, a second between them

Environment:
    LLM_MONITOR_PROXY_URL  the proxy (default http://127.0.0.1:11435)
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

PROXY = os.environ.get("LLM_MONITOR_PROXY_URL", "http://127.0.0.1:11435").rstrip("/")
TIMEOUT_SECONDS = 600
PAIRS = ["BTC/USDT", "ETH/USDT", "ADA/USDT"]


class Agent:
    """Somebody who asks a model, under a name of its own in the monitor."""

    def __init__(self, name, model, tags):
        self.name = name
        self.model = model
        self.tags = tags

    def ask(self, prompt, task):
        """The whole answer. All calls of a task are one session of the monitor."""
        request = urllib.request.Request(
            PROXY + "/api/chat",
            data=json.dumps(
                {"model": self.model, "stream": True, "messages": [{"role": "user", "content": prompt}]}
            ).encode("utf-8"),
            headers={
                "content-type": "application/json",
                "x-llm-monitor-app": self.name,
                "x-llm-monitor-session-id": task,
                "x-llm-monitor-tags": ",".join(self.tags),
            },
        )
        answer = []
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            for line in response:
                part = json.loads(line)
                if "error" in part:
                    raise RuntimeError(part["error"])
                answer.append(part.get("message", {}).get("content", ""))
        return "".join(answer)


background = Agent("background", "phi3", ["watch"])
generator = Agent("generator", "llama3.2", ["strategy"])
optimizer = Agent("optimizer", "mistral", ["strategy", "tune"])


def work(pair):
    """One round."""
    task = "round-" + uuid.uuid4().hex[:8]
    mood = background.ask("What moves {} today? One sentence.".format(pair), task)
    idea = generator.ask("{}\nPropose a rule to enter a trade of {}.".format(mood, pair), task)
    tuned = optimizer.ask("{}\nName one parameter to change, and why.".format(idea), task)
    print(task, pair + ":", tuned.splitlines()[0] if tuned else "", flush=True)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else None
    pause_seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 5.0
    done = 0
    while rounds is None or done < rounds:
        if done > 0:
            time.sleep(pause_seconds)
        try:
            work(PAIRS[done % len(PAIRS)])
        except (OSError, RuntimeError, ValueError) as error:
            # The monitor shows which agent it was; the next round may go well.
            print("{}: {}".format(PROXY, error), file=sys.stderr, flush=True)
        done += 1


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
