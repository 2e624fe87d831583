"""Signals in /proc/self/status."""

with open("/proc/self/status") as file:
    for line in file:
        if line.startswith(("SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt", "Threads")):
            print(line, end="")
