"""The shell around the core: files, Redis, metrics, HTTP, clock, environment, logging, command line."""
