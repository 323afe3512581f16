"""The platforms that a shop's orders come from: those that we know, and its own. Only functions that read orders import them."""

from cx_domain.errors import BadPlatformFile, NotConfigured
from cx_domain.shops import ShopId
from infra import adapters, clock, settings
from infra.platforms import Platform, is_platform_name, platforms, read_platform
from infra.platforms import platform as known_platform

_in_memory: dict[tuple[ShopId, str], tuple[float, Platform]] = {}


def platform(shop_id: ShopId, name: str) -> Platform:
    """Find a platform that we know, or one of the shop's own, read at most once in SHOP_CACHE_SECONDS; NotFound.

    NotConfigured, which the sender may retry, when a file kept by an older release reads no more.
    """
    if name in platforms():
        return known_platform(name)
    known = _in_memory.get((shop_id, name))
    if known is not None and clock.seconds() - known[0] < settings.SHOP_CACHE_SECONDS.read_number():
        return known[1]
    text = adapters.own_platforms().text(shop_id, name) if is_platform_name(name) else None
    if text is None:
        return known_platform(name)  # or NotFound, with those that there are
    try:
        found = read_platform(text)
    except BadPlatformFile as error:
        raise NotConfigured(f"the platform {name} of the shop {shop_id} must be put again: {error}") from error
    _in_memory[shop_id, name] = (clock.seconds(), found)
    return found
