"""The commands: each a plain function ``verb(cfg) -> result`` under a few lines of Hydra or argument parsing."""
