"""Files and folders."""

import glob
import os
import pathlib
import shutil

os.makedirs("a/b/c")
pathlib.Path("a/b/file.txt").write_text("text\n")
os.symlink("a/b", "link")
os.link("a/b/file.txt", "hard")
print(sorted(glob.glob("**/*.txt", recursive=True)), os.stat("hard").st_nlink, os.readlink("link"))
print([(folder, sorted(folders), sorted(files)) for folder, folders, files in os.walk("a")])
shutil.copytree("a", "copy")
shutil.make_archive("packed", "tar", "copy")
shutil.rmtree("a")
print(sorted(os.listdir()), os.path.lexists("link"), os.path.exists("link"))
os.utime("hard", (5, 5))
print(os.stat("hard").st_mtime, shutil.disk_usage(".").total > 0)
print(open("/no/such/file"))  # noqa: SIM115
