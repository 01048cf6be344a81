"""A process for tests/test_warm.py: `python -m tests.warm_echo`. It tells what it is, then does what its input says."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import random
import signal
import sys
import threading


async def wait() -> None:
    await asyncio.sleep(1_000)


def main() -> None:
    told = {
        "arguments": sys.argv[1:],
        "name": __name__,
        "file": sys.argv[0],
        "folder": os.getcwd(),
        "path": sys.path[0],
        "environment": {name: value for name, value in os.environ.items() if name.startswith("BCRAO_")},
        "pid": os.getpid(),
        "parent": os.getppid(),
        "group": os.getpgid(0),
        "threads": threading.active_count(),
        "files": sorted(
            int(number) for number in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{number}")
        ),
        "encodings": [stream.encoding for stream in (sys.stdin, sys.stdout, sys.stderr)],
        "signals": [str(signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE)],
        "chance": random.random(),
    }
    print(json.dumps(told), flush=True)
    for line in sys.stdin:
        match line.split():
            case ["exit", status]:
                atexit.register(print, "at the end")
                sys.exit(int(status))
            case ["fail"]:
                raise ValueError("on purpose")
            case ["wait"]:
                print("waiting", flush=True)
                asyncio.run(wait())


if __name__ == "__main__":
    main()
