"""Children of asyncio."""

import asyncio
import sys


async def main():
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import sys; print(sys.stdin.read().upper()); sys.exit(5)", stdin=-1, stdout=-1, stderr=-1
    )
    print(await child.communicate(b"text"), child.returncode)
    shell = await asyncio.create_subprocess_shell("kill -TERM $$")
    print(await shell.wait())
    slow = await asyncio.create_subprocess_exec("sleep", "30")
    slow.kill()
    print(await slow.wait())


asyncio.run(main())
