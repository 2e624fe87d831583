"""Programs that run in build/peers-venv: a task queue each, with workers, driven by lines on their input."""
