"""Several processes that train one model, as ``torchrun`` and ``accelerate launch`` start them; one alone needs nothing.

Every process holds the whole model and draws the same batch, takes its share of the rows, and adds its gradients to those
of the others, weighted by the tokens it predicted. So each makes the step that one process would make, up to float noise.
Files are read by all and written by the first: machines that train together need a common file system.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import numpy as np
import torch
from torch import distributed
from torch.nn import Module

from detente.errors import UserError

PATIENCE = timedelta(hours=12)
"""How long the others wait for the first process, which tokenises the text alone."""


def device_of(name: str) -> torch.device:
    """The device to train on: ``auto`` means CUDA where there is any."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


@contextmanager
def joined(device: torch.device) -> Iterator[None]:
    """Joins the processes that a launcher started beside this one, each to a GPU of its own; alone, does nothing.

    Raises:
        UserError: The launcher started more processes than this machine has GPUs.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield
        return
    cuda = device.type == "cuda"
    if cuda:
        place, gpus = int(os.environ["LOCAL_RANK"]), torch.cuda.device_count()
        if place >= gpus:
            raise UserError(f"Process {place + 1} on this machine has no GPU of its own; start {gpus} (--nproc-per-node).")
        torch.cuda.set_device(place)
    distributed.init_process_group("nccl" if cuda else "gloo", timeout=PATIENCE)
    try:
        yield
        distributed.barrier()
    finally:
        distributed.destroy_process_group()


def count() -> int:
    """Number of processes that train together."""
    return distributed.get_world_size() if _are_several() else 1


def is_first() -> bool:
    """Whether this process is the one that writes and reports."""
    return _rank() == 0


def wait() -> None:
    """Returns when every process has come here."""
    if _are_several():
        distributed.barrier()


def own(rows: np.ndarray) -> np.ndarray:
    """This process's part of the rows; parts differ in length by one at most."""
    return np.array_split(rows, count())[_rank()]


def broadcast(model: Module) -> None:
    """Gives every process the weights of the first."""
    if _are_several():
        for weights in model.state_dict().values():
            distributed.broadcast(weights, src=0)


def sum_gradients(model: Module, share: float) -> None:
    """Replaces the gradients by the sum of all processes' gradients, each times its ``share``; alone, leaves them.

    Args:
        model: After the backward pass; no gradient at all, where a process had nothing to predict, counts as 0.
        share: This process's share of the predicted tokens, since its loss is a mean over its own; all add up to 1.
    """
    if not _are_several():
        return
    weights = list(model.parameters())
    gradients = [torch.zeros_like(one) if one.grad is None else one.grad for one in weights]
    flat = torch.cat([gradient.flatten() for gradient in gradients]) * share  # one message instead of hundreds
    distributed.all_reduce(flat)
    for one, gradient in zip(weights, flat.split([one.numel() for one in weights]), strict=True):
        one.grad = gradient.view_as(one)


def total(value: float, device: torch.device) -> float:
    """Sum of all processes' values; alone, the value."""
    if not _are_several():
        return value
    tensor = torch.tensor(value, dtype=torch.float64, device=device)
    distributed.all_reduce(tensor)
    return float(tensor)


def _are_several() -> bool:
    return distributed.is_available() and distributed.is_initialized()


def _rank() -> int:
    return distributed.get_rank() if _are_several() else 0
