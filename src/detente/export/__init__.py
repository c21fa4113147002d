"""From a trained model to the folders that leave the house: the bundle, and a plain Transformers folder."""
