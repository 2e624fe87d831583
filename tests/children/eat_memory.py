"""Takes params["mb"] megabytes, every page written, and says when it has them."""

from ompy.appmanager.variables import TASK_PARAMS

held = []
for _ in range(int(TASK_PARAMS["scriptParams"]["mb"]) // 10):
    held.append(b"\xa5" * (10 * 1024 * 1024))
print(f"holding {sum(map(len, held)) // (1024 * 1024)} MB")
