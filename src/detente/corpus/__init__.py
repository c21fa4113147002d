"""The corpus: the record and its schema, reading and writing, quality gates, splits, agreement between annotators."""
