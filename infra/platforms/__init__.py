"""The platforms that orders come from: one TOML file each, and the one reader of them all."""

from infra.platforms.files import Platform, is_platform_name, platform, platforms, read_platform
from infra.platforms.reading import Hint, Reading, is_ping, read, read_shape
from infra.platforms.shapes import Ignored, IgnoredReason

__all__ = [
    "Hint",
    "Ignored",
    "IgnoredReason",
    "Platform",
    "Reading",
    "is_ping",
    "is_platform_name",
    "platform",
    "platforms",
    "read",
    "read_platform",
    "read_shape",
]
