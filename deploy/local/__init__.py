"""The stack as local processes: real servers without a container engine, for `make up` and for tests."""
