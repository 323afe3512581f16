"""docs/performance.md: what is the same on every machine is what the code says."""

from benchmarks import __main__ as benchmarks
from benchmarks import cold_start, mails, modules, warm_cpu
from infra.packaging.deployed import deployed_functions
from infra.writing.words import languages


def test_every_function_has_a_budget_of_modules() -> None:
    assert modules.BUDGETS.keys() == deployed_functions().keys()


def test_the_page_has_these_budgets() -> None:
    assert modules.PAGE.text == modules.PAGE.with_tables(modules.tables())


def test_the_page_has_figures_of_every_language() -> None:
    rows = mails.PAGE.tables().splitlines()

    assert [row.split(" | ")[0].strip("| ") for row in rows if row.startswith("| ")][1:] == list(languages())


def test_the_page_sets_each_start_beside_the_bare_handlers() -> None:
    found = cold_start.PAGE.tables()

    assert all(f"\n| {name} |" in found for name in ("the bare handler", *cold_start.OURS.values()))


def test_the_page_sets_each_warm_invocation_beside_its_calls() -> None:
    found = warm_cpu.PAGE.tables()

    assert all(f"\n| {name} |" in found for name in ("a webhook", "a send", "a tap"))


def test_what_is_left_out_for_its_length_is_a_benchmark_that_the_page_names() -> None:
    page = modules.PAGE.text

    assert benchmarks.LONG.keys() <= set(benchmarks.names())
    assert f'`make bench ARGS="{" ".join(sorted(benchmarks.LONG, reverse=True))}"`' in page
