"""Files that are no code: which modules read which of them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from infra.packaging.modules import ROOT

READ_BY = {
    "cx_domain.kinds": ("cx_domain/kind_files/*.toml",),
    "infra.platforms.files": ("infra/platforms/*.toml",),
    "infra.writing.words": ("templates/locales/*/messages.po", "templates/locales/*/*formal.po"),
    "infra.reports.phrases": ("templates/locales/*/reports.po",),
    "infra.writing.pages": (
        "templates/pages/_*.html",
        "templates/pages/page.css",
        "templates/pages/rating.*",
        "templates/pages/notice.html",
        "templates/pages/unsubscribe.html",
    ),
    "infra.team.guess_pages": ("templates/pages/guess.html",),
    "infra.team.report_index": ("templates/pages/reports_index.*",),
    "infra.writing.mails": ("templates/email/*.*", "templates/email/survey/*", "templates/email/reminder/*"),
    "infra.team.mails": ("templates/email/digest/*", "templates/email/guess/*", "templates/email/notice/*"),
    "infra.reports.html": ("templates/reports/*",),
}


def resources(modules: Iterable[str]) -> Iterator[Path]:
    """The files that these modules read, relative to the repository."""
    for module in modules:
        for pattern in READ_BY.get(module, ()):
            yield from (file.relative_to(ROOT) for file in sorted(ROOT.glob(pattern)))
