"""celery's application: where its broker is stands in the environment."""

import json
import os
from typing import Any

from celery import Celery  # type: ignore[import-not-found, unused-ignore]

from bench.peers import jobs

SETTINGS = "AM_BENCH_CELERY"  # JSON: celery's settings

app: Any = Celery("bench")
app.conf.update(worker_redirect_stdouts=False, broker_connection_retry_on_startup=True)
app.conf.update(json.loads(os.environ[SETTINGS]))

function: Any = app.task(name="function")(jobs.function)
script: Any = app.task(name="script")(jobs.script)
