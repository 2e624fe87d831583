"""Signal handlers of the loop."""

import asyncio
import os
import signal


async def main():
    loop = asyncio.get_running_loop()
    event = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, lambda: (print("handled"), event.set()))
    os.kill(os.getpid(), signal.SIGUSR1)
    await asyncio.wait_for(event.wait(), 3)
    print(loop.remove_signal_handler(signal.SIGUSR1), signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL)


asyncio.run(main())
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
