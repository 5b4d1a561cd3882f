"""Runs a program in a terminal of its own: what is typed comes on stdin, what it shows goes to stdout. When it has ended,
one line of JSON on stderr tells its exit code and in what state it left the terminal."""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios

pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])

sources = [terminal, 0]
while True:
    ready, _, _ = select.select(sources, [], [])
    if 0 in ready:
        typed = os.read(0, 1024)
        if typed:
            os.write(terminal, typed)
        else:
            sources.remove(0)
    if terminal in ready:
        try:
            shown = os.read(terminal, 65536)
        except OSError:
            break
        if not shown:
            break
        os.write(1, shown)

flags = termios.tcgetattr(terminal)[3]
_, status = os.waitpid(pid, 0)
print(
    json.dumps(
        {
            "code": os.waitstatus_to_exitcode(status),
            "echo": bool(flags & termios.ECHO),
            "canonical": bool(flags & termios.ICANON),
        }
    ),
    file=sys.stderr,
)
