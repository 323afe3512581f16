"""The key of links is changed without a link that stops opening, until the oldest is retired on purpose."""

from collections.abc import Callable

import pytest
from typer.testing import Result

from cx_domain.errors import BadLink
from infra import links
from infra.operator.session import Stack, open_stack

Say = Callable[..., Result]


def test_links_of_before_open_after_the_key_was_changed(acme: Stack, afterorder: Say) -> None:
    ring = acme.secrets.key_ring()
    before = links.seal(ring.links, "rate", "survey-1")

    done = afterorder("keys", "rotate", "--wait", "0")

    now = open_stack().secrets.key_ring()
    assert (done.exit_code, done.stdout) == (0, "Links are signed with a new key; 2 keys open links.\n")
    assert links.open_token(now.links, "rate", before) == "survey-1"
    assert links.seal(now.links, "rate", "survey-1") != before
    assert now.identity == ring.identity


def test_a_function_that_has_not_heard_of_the_new_key_signing_opens_what_it_signs(
    acme: Stack, afterorder: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bytes, ...]] = []
    monkeypatch.setattr("time.sleep", lambda _: seen.append(open_stack().secrets.key_ring().links))
    (old,) = acme.secrets.key_ring().links

    afterorder("keys", "rotate", "--wait", "120")

    (while_waiting,) = seen
    now = open_stack().secrets.key_ring().links
    assert while_waiting[-1] == old
    assert links.open_token(while_waiting, "rate", links.seal(now, "rate", "survey-1")) == "survey-1"


def test_the_oldest_key_is_retired_and_its_links_open_no_more(acme: Stack, afterorder: Say) -> None:
    before = links.seal(acme.secrets.key_ring().links, "rate", "survey-1")
    afterorder("keys", "rotate", "--wait", "0")

    done = afterorder("keys", "retire")

    assert done.exit_code == 0
    with pytest.raises(BadLink):
        links.open_token(open_stack().secrets.key_ring().links, "rate", before)


def test_the_only_key_is_not_retired(acme: Stack, afterorder: Say) -> None:
    refused = afterorder("keys", "retire")

    assert refused.exit_code == 1
    assert "first `afterorder keys rotate`" in refused.stderr
    assert len(acme.secrets.key_ring().links) == 1


def test_no_key_is_shown(acme: Stack, afterorder: Say) -> None:
    del acme

    told = afterorder("keys", "rotate", "--wait", "0")

    keys = open_stack().secrets.key_ring().links
    assert all(key.hex() not in told.output and str(key) not in told.output for key in keys)
