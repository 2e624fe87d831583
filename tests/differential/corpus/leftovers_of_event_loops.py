"""No event loop is set or running."""

import asyncio
import warnings

print(asyncio._get_running_loop(), asyncio.tasks._current_tasks if hasattr(asyncio.tasks, "_current_tasks") else {})
warnings.simplefilter("ignore")
try:
    asyncio.get_running_loop()
except RuntimeError as error:
    print(error)
try:
    print(asyncio.get_event_loop_policy()._local._loop)
except AttributeError as error:
    print(type(error).__name__)
