"""The proof of every sample, by execution on the graph; shares no code with the sampler."""

from videostep.reason.verify.execute import Executor, execute
from videostep.reason.verify.language import canonical, check_types, count_steps

__all__ = ["Executor", "canonical", "check_types", "count_steps", "execute"]
