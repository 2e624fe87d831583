"""The Application Manager's side of a running task."""
