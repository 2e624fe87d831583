"""The umask."""

import os

before = os.umask(0o077)
print(oct(before))
os.close(os.open("private", os.O_CREAT | os.O_WRONLY, 0o666))
os.mkdir("folder")
print(oct(os.stat("private").st_mode), oct(os.stat("folder").st_mode))
os.umask(before)
os.close(os.open("usual", os.O_CREAT | os.O_WRONLY, 0o666))
print(oct(os.stat("usual").st_mode))
