"""A digest's figures as sentences, with a language's own decimals and dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.dates import format_date, format_interval
from babel.numbers import format_decimal

from cx_domain.digests import Digest, DigestComment, DigestGap, DigestIncident, DigestScore
from cx_domain.names import one_line, unlinked
from cx_domain.series import age_order, begins_on
from cx_domain.shops import Shop
from infra.reports.charts import MINUS
from infra.reports.incident_views import thing_name
from infra.reports.phrases import Phrases, phrases
from infra.writing.questions import driver_label, touchpoint_label
from infra.writing.words import Words

LONGEST_COMMENT = 400
MOST_INCIDENTS = 3


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One headline: its name, its figure, and what must be said with it."""

    name: str
    figure: str
    short: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """One customer's words."""

    score: str
    text: str
    about: str | None


@dataclass(frozen=True, slots=True)
class DigestWords:
    """All that the digest's templates say; `rows` are pairs of a label and what stands beside it."""

    period: str
    dates: str
    scores: tuple[ScoreLine, ...]
    rows: tuple[tuple[str, str], ...]
    quotes: tuple[Quote, ...]


def figures(digest: Digest, shop: Shop, spoken: Words) -> DigestWords:
    """Put a digest into words."""
    return DigestWords(
        period=digest.period,
        dates=format_interval(digest.start, digest.end, skeleton="yMMMd", locale=spoken.locale),
        scores=score_lines(digest.scores, spoken),
        rows=tuple(_rows(digest, phrases(shop), spoken)),
        quotes=tuple(_quote(comment, spoken) for comment in digest.comments),
    )


def score_lines(scores: Sequence[DigestScore], spoken: Words) -> tuple[ScoreLine, ...]:
    """Put a report's headlines into words."""
    return tuple(_score_line(score, scores, spoken) for score in scores)


def _score_line(score: DigestScore, scores: Sequence[DigestScore], spoken: Words) -> ScoreLine:
    several = len({other.touchpoint for other in scores if other.kind == score.kind}) > 1
    name = spoken.gettext(f"digest.kind.{score.kind}") + (
        f" · {touchpoint_label(score.touchpoint, spoken)}" if several else ""
    )
    words = _words(score, spoken)
    name = f"{name} ({words})" if words else name
    main = score.score if score.rolling is None else score.rolling.score
    if main is None:
        return ScoreLine(name, "\u2013", None, (spoken.gettext("digest.no-answers"),))
    figure = number(main, spoken)
    short = spoken.gettext(f"digest.score.{score.kind}", score=figure)
    return ScoreLine(name, figure, short, tuple(_notes(score, spoken)))


def _words(score: DigestScore, spoken: Words) -> str:
    """In which words it was asked, where there are answers to several; else nothing."""
    if score.newer is not None:
        return spoken.gettext("digest.series.before", day=_series(score.newer, spoken))
    if score.several_series and score.series is not None:
        return spoken.gettext("digest.series.since", day=_series(score.series, spoken))
    return ""


def _series(name: str, spoken: Words) -> str:
    """The day it began; the second of a day with a (2)."""
    _, number = age_order(name)
    day = str(format_date(begins_on(name), "long", locale=spoken.locale))
    return day if number == 1 else f"{day} ({number})"


def _notes(score: DigestScore, spoken: Words) -> list[str]:
    own = spoken.ngettext("digest.answers", score.n)
    if score.rolling is None:
        notes = [own, *_interval(score.interval, spoken)]
    else:
        answers = spoken.ngettext("digest.answers", score.rolling.n)
        notes = [spoken.gettext("digest.rolling", answers=answers), *_interval(score.rolling.interval, spoken)]
        figure = "\u2013" if score.score is None else number(score.score, spoken)
        alone = spoken.gettext("digest.own", score=figure, answers=own)
        notes.append(", ".join([alone, *_interval(score.interval, spoken)]))
    if score.change is not None:
        change = score.change
        moved = spoken.gettext(
            f"digest.change.{change.direction}", difference=number(change.difference, spoken), since=change.since
        )
        chance = change.may_be_chance and change.direction != "same"
        notes.append(f"{moved}, {spoken.gettext('digest.chance')}" if chance else moved)
    elif score.reworded and score.newer is None and score.series is not None:
        notes.append(spoken.gettext("digest.change.reworded", day=_series(score.series, spoken)))
    if score.target is not None:
        notes.append(spoken.gettext("digest.target", target=number(score.target, spoken)))
    return notes


def _interval(interval: tuple[Decimal, Decimal] | None, spoken: Words) -> list[str]:
    if interval is None:
        return []
    low, high = (number(end, spoken) for end in interval)
    return [spoken.gettext("digest.interval", low=low, high=high)]


def _rows(digest: Digest, say: Phrases, spoken: Words) -> list[tuple[str, str]]:
    rows = [(spoken.gettext("digest.answered"), _answered(digest, spoken))]
    worst = digest.worst_driver
    if worst is not None:
        named = f"{driver_label(worst, spoken)} ({spoken.ngettext('digest.answers', digest.worst_driver_named_by)})"
        rows.append((spoken.gettext("digest.worst"), named))
    if digest.incidents:
        rows.append((spoken.gettext("digest.incidents"), _incidents(digest.incidents, say)))
    if digest.to_call_back:
        rows.append((spoken.gettext("digest.call-back"), str(digest.to_call_back)))
    if digest.gap is not None:
        rows.append((spoken.gettext("digest.gap"), _gap(digest.gap, spoken)))
    return rows


def _incidents(incidents: Sequence[DigestIncident], say: Phrases) -> str:
    """The newest by name, and how many more."""
    names = [thing_name(each.dimension, each.value, say) for each in incidents[:MOST_INCIDENTS]]
    more = len(incidents) - len(names)
    return "; ".join([*names, f"+{more}"] if more else names)


def _gap(gap: DigestGap, spoken: Words) -> str:
    guess, score = (
        spoken.gettext(f"digest.score.{gap.about}", score=number(each, spoken))
        for each in (gap.managers, gap.customers)
    )
    return spoken.gettext("digest.gap.told", guess=guess, score=score)


def _answered(digest: Digest, spoken: Words) -> str:
    if digest.rate is None:
        return spoken.gettext("digest.answered.none")
    rate = number(digest.rate, spoken)
    return spoken.gettext("digest.answered.rate", answered=digest.answered, arrived=digest.arrived, rate=rate)


def _quote(comment: DigestComment, spoken: Words) -> Quote:
    number = one_line(comment.order, longest=40) if comment.order else None
    return Quote(
        score="" if comment.score is None else str(comment.score),
        text=one_line(unlinked(comment.comment), longest=LONGEST_COMMENT),
        about=spoken.gettext("digest.order", number=number) if number else None,
    )


def number(value: Decimal, spoken: Words) -> str:
    """With all its decimals, the language's separators, and a minus that is not a hyphen."""
    pattern = "#,##0" + ("." + "0" * -exponent if (exponent := int(value.as_tuple().exponent)) < 0 else "")
    return str(format_decimal(value, pattern, locale=spoken.locale)).replace("-", MINUS)
