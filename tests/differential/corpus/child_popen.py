"""Pipes to children."""

import subprocess
import sys

with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
    print(child.communicate(b"through cat"), child.returncode)
try:
    subprocess.run(["no-such-program-anywhere"])
except FileNotFoundError as error:
    print(error)
try:
    subprocess.run(["sh", "-c", "exit 3"], check=True)
except subprocess.CalledProcessError as error:
    print(error)
try:
    subprocess.run(["sleep", "30"], timeout=0.2)
except subprocess.TimeoutExpired as error:
    print(type(error).__name__, error.cmd)
print(subprocess.check_output("echo $((6 * 7))", shell=True), subprocess.getstatusoutput("echo x; exit 2"))
sys.stdout.flush()
subprocess.run("echo of the child; echo to stderr >&2", shell=True)
print(subprocess.run(["sh", "-c", "ls /proc/self/fd"], capture_output=True, text=True).stdout.split())
