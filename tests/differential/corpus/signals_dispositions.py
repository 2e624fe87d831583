"""How every signal is handled."""

import signal

for number in sorted(signal.valid_signals()):
    handler = signal.getsignal(number)
    name = number.name if isinstance(number, signal.Signals) else int(number)
    print(name, getattr(handler, "name", getattr(handler, "__name__", handler)))
