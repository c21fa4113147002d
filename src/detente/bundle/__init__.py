"""What leaves the house: the model as other teams run it, and the sentences it reads and labels."""
