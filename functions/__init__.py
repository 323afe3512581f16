"""One file for each Lambda: what triggers it, one verb, nothing else."""
