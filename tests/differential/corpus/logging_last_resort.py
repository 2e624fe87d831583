"""Logging without a configuration."""

import logging

logging.info("hidden")
print(logging.getLogger().handlers, logging.getLogger().level, logging.lastResort)
logging.getLogger("corpus").warning("by the last resort")
logging.getLogger("corpus").error("error %s", "with argument")
print(sorted(logging.root.manager.loggerDict))
logging.warning("configures")
print(logging.getLogger().handlers)
