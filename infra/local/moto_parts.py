"""moto's SSM without moto's EC2, which it imports for commands that are run on servers; that takes longer than all the rest.

Whoever needs the stores of SSM's parameters imports them from here.
"""

import sys
from types import ModuleType


def _leave_out_ec2() -> None:
    """Stand a module in for EC2 that has no account; the local stack knows no server, and its guard no call to EC2."""
    stand_in = ModuleType("moto.ec2")
    stand_in.ec2_backends = {}  # type: ignore[attr-defined]
    sys.modules.setdefault("moto.ec2", stand_in)


_leave_out_ec2()

from moto.ssm.models import SimpleSystemManagerBackend, ssm_backends  # noqa: E402

__all__ = ["SimpleSystemManagerBackend", "ssm_backends"]
