"""What is read of files of every format: what stands in them against it, and how fast."""
