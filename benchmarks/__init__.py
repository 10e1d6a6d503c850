"""Speed, memory and quality, measured beside peers. See benchmarks/README.md."""
