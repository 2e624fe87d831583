"""A loop that nobody closes."""

import asyncio
import warnings

warnings.simplefilter("error", ResourceWarning)
loop = asyncio.new_event_loop()
print(loop.run_until_complete(asyncio.sleep(0, "done")), loop.is_running(), loop.is_closed())
loop.close()
print(loop)
loop.run_until_complete(asyncio.sleep(0))
