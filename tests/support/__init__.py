"""What the integration tests and the benchmarks share: starting the platform, its clients, looking at processes."""
