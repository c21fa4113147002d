"""What leaves the house: the model as other teams run it, and the sentences it reads and labels."""

import os

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # before onnxruntime is imported; it would write and send usage data
