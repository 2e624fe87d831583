"""The current folder."""

import os

print(os.getcwd() == os.path.realpath("."), os.access(".", os.W_OK), os.listdir())
print(os.path.samefile(os.readlink("/proc/self/cwd"), os.getcwd()))
os.mkdir("inner")
os.chdir("inner")
print(os.path.basename(os.getcwd()))
os.rmdir("../inner")
try:
    os.getcwd()
except FileNotFoundError as error:
    print(error)
