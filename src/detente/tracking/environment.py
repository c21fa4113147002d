"""On what a run ran: interpreter, packages, processor, git commit."""

import platform
import subprocess
from importlib import metadata

from detente.project import find_root


def installed_packages() -> str:
    """Every installed distribution as ``name==version``, one a line, sorted."""
    lines = {f"{distribution.name}=={distribution.version}" for distribution in metadata.distributions()}
    return "\n".join(sorted(lines, key=str.lower)) + "\n"


def processor() -> str:
    """The processor's name as the system gives it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    except FileNotFoundError:  # not Linux
        names = []
    return names[0] if names else platform.processor() or "unknown"


def _git(*arguments: str) -> str | None:
    """Output of a git command in the project, or None outside a repository, before a first commit, or without git."""
    try:
        done = subprocess.run(["git", *arguments], cwd=find_root(), capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def git_commit() -> str:
    """The commit of the working tree, or ``none`` where there is no repository."""
    return _git("rev-parse", "--verify", "HEAD") or "none"


def git_dirty() -> bool:
    """Whether tracked files differ from the commit."""
    return bool(_git("status", "--porcelain", "--untracked-files=no"))


def describe_environment() -> dict[str, str]:
    """Tags that say on what a run ran."""
    import torch

    return {
        "git.commit": git_commit(),
        "git.dirty": str(git_dirty()).lower(),
        "environment.python": platform.python_version(),
        "environment.platform": platform.platform(),
        "environment.processor": processor(),
        "environment.torch_threads": str(torch.get_num_threads()),
        "environment.gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else "none",
    }
