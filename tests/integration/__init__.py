"""The product met from outside: HTTP API, command line, IPC port, processes."""
