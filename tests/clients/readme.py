"""Runs the questions of README.md as a person at a terminal would, and compares what they print with what it shows.

    python3 readme.py README.md FOLDER_OF_THE_TOOL 127.0.0.1:PORT
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios


def at_a_terminal(line, environment):
    """What a command line prints on a terminal of 100 columns; what it says on stderr goes by."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
    process = subprocess.Popen(["bash", "-c", line], stdout=follower, stderr=subprocess.DEVNULL, env=environment)
    os.close(follower)
    printed = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # the other end was closed
            break
        if not piece:
            break
        printed += piece
    os.close(leader)
    if process.wait(timeout=60) != 0:
        sys.exit(f"FAILED  {line}: ended with {process.returncode}")
    return printed.decode().replace("\r\n", "\n").rstrip()


def main():
    readme, folder, address = sys.argv[1:]
    environment = {
        "PATH": f"{os.path.abspath(folder)}:{os.environ['PATH']}",
        "GROEIKERN_ENDPOINT": f"http://{address}",
        "LANG": "nl_NL.UTF-8",
        "NO_COLOR": "1",
        "TERM": "xterm",
    }
    text = open(readme, encoding="utf-8").read()
    shown = re.findall(r"```sh\n(?:cargo install [^\n]*\n)?(groeikern [^\n]*)\n```\n\n```\n(.*?)\n```\n", text, re.DOTALL)
    if len(shown) < 3:
        sys.exit(f"FAILED  only {len(shown)} questions with their answers were found in {readme}")
    for line, expected in shown:
        printed = at_a_terminal(line, environment)
        if printed != expected.rstrip():
            sys.exit(f"FAILED  {line}\n--- {readme} shows\n{expected}\n--- it prints\n{printed}")
        print(f"ok      {line}")


main()
