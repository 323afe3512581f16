"""docs/athena.md as the tests read it, and its tables and queries in DuckDB, over day files in a folder."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.house.sources import ROOT

PAGE = ROOT / "docs" / "athena.md"
MACROS = (
    # Trino's gives the value; DuckDB's own gives a list of it.
    "CREATE MACRO element_at(map, key) AS map[key]",
)
IN_DUCKDB = {
    "string": "VARCHAR",
    "int": "INTEGER",
    "boolean": "BOOLEAN",
    "array<string>": "VARCHAR[]",
    "map<string,array<string>>": "MAP(VARCHAR, VARCHAR[])",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A `CREATE EXTERNAL TABLE` of the page: its columns with Athena's types, its partitions, and its properties."""

    name: str
    columns: Mapping[str, str]
    partitions: tuple[str, ...]
    location: str
    properties: Mapping[str, str]


def statements() -> list[str]:
    return re.findall(r"^```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def tables() -> dict[str, Table]:
    found = [_table(statement) for statement in statements() if statement.startswith("CREATE")]
    return {table.name: table for table in found}


def queries() -> dict[str, str]:
    """Each query by the heading over it."""
    pairs = re.findall(r"^### (.*?)\n\n```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return dict(pairs)


def opened(bucket: Path) -> duckdb.DuckDBPyConnection:
    """A database with the page's tables over a folder that stands for the bucket."""
    database = duckdb.connect(config={"threads": 1})
    for macro in MACROS:
        database.execute(macro)
    for table in tables().values():
        database.execute(_load(table, bucket))
    return database


def rows(database: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    result = database.execute(query)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _table(statement: str) -> Table:
    head = re.match(r"CREATE EXTERNAL TABLE (\w+) \((.*?)\n\)\nPARTITIONED BY \((.*?)\)", statement, re.DOTALL)
    location = re.search(r"^LOCATION '(.*)'$", statement, re.MULTILINE)
    assert head is not None
    assert location is not None
    name, columns, partitions = head.groups()
    return Table(
        name=name,
        columns=dict(re.findall(r"^  `?(\w+)`? (\S+?),?$", columns, re.MULTILINE)),
        partitions=tuple(part.split()[0] for part in partitions.split(",")),
        location=location[1],
        properties=dict(re.findall(r"^  '(.*)' = '(.*)',?$", statement, re.MULTILINE)),
    )


def _load(table: Table, bucket: Path) -> str:
    """Read what the location's template matches, a partition's value being what stands in its place of the path.

    It is a table and no view: where DuckDB 2.0.0 makes a window into a join, it forgets in one half which files to leave out.
    """
    template = table.properties["storage.location.template"].removeprefix("s3://BUCKET/")
    files = bucket / re.sub(r"\$\{\w+\}", "*", template) / "*"
    pattern = re.sub(r"\\\$\\\{(\w+)\\\}", "([^/]+)", re.escape(template))
    names = re.findall(r"\$\{(\w+)\}", template)
    parts = [f"regexp_extract(filename, '{pattern}', {place}) AS {name}" for place, name in enumerate(names, 1)]
    columns = ", ".join(f"\"{name}\": '{IN_DUCKDB[type_]}'" for name, type_ in table.columns.items())
    read = f"read_json('{files}', format='newline_delimited', compression='gzip', filename=true, columns={{{columns}}})"
    return f"CREATE TABLE {table.name} AS SELECT * EXCLUDE (filename), {', '.join(parts)} FROM {read}"  # noqa: S608 - the page is ours
