"""The MLflow run: what is logged, under which names, with which lineage."""
