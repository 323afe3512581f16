"""Agents that say openly that they are no person's browser.

Scanners that hide behind a browser's name are told by what they do (`cx_domain.scanners`), not here.
"""

import re

# Names from resend-node#901, radiasoft/sirepo#1937 and the previews of messengers; "bot" and "crawler" as words of their own.
_ANNOUNCED = re.compile(
    r"bingpreview|urldefense|proofpoint|barracuda|mimecast|safelinks|slackbot|slack-imgproxy|whatsapp|telegrambot|twitterbot"
    r"|facebookexternalhit|linkedinbot|discordbot|skypeuripreview|googleimageproxy|google-safety|applebot|yandexbot|baiduspider"
    r"|headlesschrome|phantomjs|\b(?:bot|crawler|spider|preview|scanner)\b",
    re.IGNORECASE,
)


def is_preview(agent: str) -> bool:
    """Say whether the agent announces itself as a preview, a scanner or a crawler."""
    return bool(_ANNOUNCED.search(agent[:1000]))
