"""Context variables."""

import contextvars
import threading

print(len(contextvars.copy_context()))
variable = contextvars.ContextVar("variable")
try:
    variable.get()
except LookupError as error:
    print(type(error).__name__, variable.name)
token = variable.set(1)
context = contextvars.copy_context()
variable.set(2)
print(context[variable], context.run(variable.get), variable.get(), token.old_value is contextvars.Token.MISSING)
seen = []
thread = threading.Thread(target=lambda: seen.append(variable.get("unset")))
thread.start()
thread.join()
print(len(seen))
variable.reset(token)
print(variable.get("reset"))
