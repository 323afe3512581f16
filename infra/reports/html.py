"""The report as one page: no script, nothing from elsewhere, good on a telephone, on a screen and on paper."""

from functools import lru_cache

from markupsafe import Markup

from cx_domain.contrast import palette
from cx_domain.findings import Report
from cx_domain.shops import Shop
from infra.reports import views
from infra.reports.customer_views import base_view, loyalty_tables, risk_sentences
from infra.reports.incident_views import incident_views
from infra.reports.measure_views import measure_view
from infra.reports.movement_views import base_tables, opinion_tables
from infra.reports.phrases import phrases
from infra.reports.segment_views import segment_tables
from infra.reports.support_views import journey_tables, support_view
from infra.writing.rendering import TEMPLATES, render

MOST_COMMENTS = 200
"""On the page; all of them are in the workbook."""

MOST_TO_CALL_BACK = 50


def render_html(report: Report, shop: Shop) -> str:
    """The page, in the first of the shop's languages that has a report's words."""
    say = phrases(shop)
    incidents = incident_views(report, shop.zone, say)
    return render(
        "reports/report.html",
        t=say.t,
        n=say.n,
        say=say,
        shop=shop,
        report=report,
        colours=palette(shop.brand.colour),
        css=_style(),
        answered=bool(report.comments or any(measure.headline.n for measure in report.measures)),
        measures=[measure_view(measure, report, say) for measure in report.measures],
        glance=views.glance(report, say),
        incidents=incidents,
        helped=[incident for incident in incidents if incident.effect],
        loyalty=loyalty_tables(report, say),
        at_risk=risk_sentences(report, say),
        base=base_view(report, say),
        base_tables=base_tables(report, say),
        opinion_tables=opinion_tables(report, say),
        call_back=[views.comment_view(each, report, shop, say) for each in report.call_back[:MOST_TO_CALL_BACK]],
        more_to_call_back=max(0, len(report.call_back) - MOST_TO_CALL_BACK),
        drivers=views.driver_tables(report, say),
        segments=segment_tables(report, say),
        funnel=views.funnel_rows(report, say),
        excluded=views.excluded_sentences(report, say),
        support=support_view(report, say),
        journey=journey_tables(report, say),
        gaps=views.gap_views(report, say),
        comments=views.comment_groups(report, MOST_COMMENTS, shop, say),
        more_comments=max(0, len(report.comments) - MOST_COMMENTS),
    )


@lru_cache
def _style() -> Markup:
    return Markup((TEMPLATES / "reports" / "report.css").read_text(encoding="utf-8"))  # noqa: S704 (our own file)
