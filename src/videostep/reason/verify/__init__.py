"""The proof of every sample, by execution on the graph; shares no code with the sampler."""

from videostep.reason.verify.checks import Verdict, Verifier, verify_samples
from videostep.reason.verify.execute import Executor, execute
from videostep.reason.verify.language import canonical, check_types, count_steps
from videostep.reason.verify.outer import outer_candidates
from videostep.reason.verify.twins import check_twins, twin_fault

__all__ = [
    "Executor",
    "Verdict",
    "Verifier",
    "canonical",
    "check_twins",
    "check_types",
    "count_steps",
    "execute",
    "outer_candidates",
    "twin_fault",
    "verify_samples",
]
