"""Where a machine's haste ends and a person's begins: every threshold of the verdict, each with where it is from."""

from datetime import timedelta

TOO_SOON = timedelta(minutes=5)
"""Of 836 bursts of one campaign 97.4 % began within five minutes of sending (putyourlightson/craft-campaign#546, August 2026);
healthchecks.io waits as long before it trusts an opened link."""

FASTER_THAN_A_HAND = timedelta(seconds=1)
"""Scanners open five and more links within a second (craft-campaign#546); PostHog's customers saw ratings
"all from the same user, within 1s, all different ratings" (PostHog/posthog#43690)."""

BURST = timedelta(seconds=10)
"""The window that OpenAEV#7471 uses; Flow CX saw eleven answers in a fraction of a second. A wider one would take a person
who corrects a slip of the thumb for a machine."""

BURST_SCORES = 4
"""Our judgement: two or three links within the window may be an unsteady hand, if it then confirms; four are not."""

CRAWL = timedelta(hours=1)
CRAWL_SCORES = 6
"""Our judgement: of 836 bursts 1.9 % began 5 to 30 minutes after sending (craft-campaign#546), so some scanners take their time.
More than half of eleven links in an hour, and nothing confirmed, is nobody's change of mind."""

HASTY = timedelta(seconds=2)
"""Our judgement: nobody reads the page, finds the button and presses it sooner. A scanner with a browser sends 134 ms after it
opens (KacemMathlouthi/animus#31). SFDigitalServices/sf-dahlia-web#2987 wants the page in sight as long."""

PATIENT = timedelta(seconds=20)
"""Our judgement: software that presses the button for a person (voice control may call `click()`) waits for the person to look and
to speak. Scanners that idle wait a few seconds, for each mail has many links to open; and they come within minutes of delivery."""
