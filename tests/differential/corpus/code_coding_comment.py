"""Source with a coding comment."""

import os
import subprocess
import sys

with open("coded.py", "wb") as file:
    file.write("# -*- coding: cp1251 -*-\nprint('привет', __file__)\nraise ValueError('ошибка')\n".encode("cp1251"))
done = subprocess.run([sys.executable, "coded.py"], capture_output=True)
print(done.returncode, done.stdout.decode(), done.stderr.decode().replace(os.getcwd() + "/", ""))
with open("wrong.py", "wb") as file:
    file.write(b"print('\xff')\n")
done = subprocess.run([sys.executable, "wrong.py"], capture_output=True)
print(done.returncode, done.stderr.decode().replace(os.getcwd() + "/", ""))
with open("marked.py", "wb") as file:
    file.write(b"\xef\xbb\xbfprint('with a mark')\r\nprint('and returns')\r\n")
print(subprocess.run([sys.executable, "marked.py"], capture_output=True).stdout)
