"""One webhook five hundred times at once: a platform that lost its mind, or a shop's developer who wants to know."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from cx_domain.signatures import Delivery
from infra import adapters, clock, intake, platforms
from tests.functions.world import SAMPLES, World


def test_five_hundred_identical_deliveries_at_once_are_all_taken_and_make_one_survey(world: World) -> None:
    shop, standard = adapters.shop(world.acme), platforms.platform("standard")
    body = (SAMPLES / "standard" / "order_fulfilled.json").read_bytes()
    reading = platforms.read(standard, Delivery(body, {}, {}), clock.now(), shop.statuses)

    with ThreadPoolExecutor(16) as posting:
        outcomes = Counter(posting.map(lambda _: intake.keep(shop, standard, reading), range(500)))

    assert outcomes == {"taken": 500}
    surveys = [item for item in world.items() if item["pk"]["S"].startswith("survey#")]
    assert [(item["stage"]["S"], item["version"]["N"]) for item in surveys] == [("planned", "0")]
