"""The platforms that orders come from: one TOML file each, and the one reader of them all."""

from infra.platforms.files import Ignored, IgnoredReason, Platform, platform, platforms
from infra.platforms.reading import Reading, is_ping, read

__all__ = ["Ignored", "IgnoredReason", "Platform", "Reading", "is_ping", "platform", "platforms", "read"]
