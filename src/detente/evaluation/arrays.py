"""The array types that every module of this package exchanges; columns follow `detente.labels.LABEL_IDS`."""

import numpy as np
import numpy.typing as npt

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
StringArray = npt.NDArray[np.str_]
