"""A local stack in a process of its own, as a developer starts it, and the doors by which a story goes through it."""

import email
import json
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from email import policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import IO, Any

import boto3
import pytest
import requests
from typer.testing import CliRunner

from infra.operator.cli import app
from tests.ports import free_port

HOME = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).parent / "afterorder"
_LENT = ("AWS_PROFILE", "AWS_SESSION_TOKEN")
"""What whoever runs the tests may have set for an AWS of their own."""
PHONE = {
    "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1",
    "X-Forwarded-For": "203.0.113.7",
}


class Stack:
    """`afterorder local` on a free port and a folder of its own."""

    def __init__(
        self, data: Path, *, now: str | None = None, concurrency: int = 1, errors: IO[str] | None = None
    ) -> None:
        self._data, self._now, self._concurrency, self._errors = data, now, concurrency, errors
        self._port = free_port()
        self.start()

    def start(self) -> None:
        """Start, or start again on the same folder, and wait until it answers."""
        arguments = [
            "local",
            "--port",
            str(self._port),
            "--data",
            str(self._data),
            "--concurrency",
            str(self._concurrency),
        ]
        if self._now is not None:
            arguments += ["--now", self._now]
        self._process = subprocess.Popen(
            [COMMAND, *arguments], cwd=HOME, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )
        self._now = None
        self.exports, self.url = self._announced()
        self.http = requests.Session()

    def _announced(self) -> tuple[dict[str, str], str]:
        exports: dict[str, str] = {}
        for line in self._process.stdout or ():
            if match := re.match(r"export (\w+)=(.*)", line):
                exports[match[1]] = match[2].strip()
            if match := re.search(r"runs at (http://[\w.:]+)", line):
                return exports, match[1]
        raise AssertionError("the local stack ended before it said that it runs")

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._close()

    def stop(self) -> str:
        """End it kindly; what it printed after it said that it runs."""
        self._process.send_signal(signal.SIGTERM)
        printed, _ = self._process.communicate(timeout=120)
        self._close()
        return printed

    def _close(self) -> None:
        self.http.close()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def run(self, *arguments: str | Path) -> str:
        """Run the command line against this stack; what it printed."""
        done = self.try_run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def try_run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Say it in this process: one of its own spends a second on loading itself. The stories of the README and the demo have one."""
        words = list(map(str, arguments))
        with pytest.MonkeyPatch.context() as patch:
            for name in _LENT:
                patch.delenv(name, raising=False)
            patch.setattr(boto3, "DEFAULT_SESSION", _session())
            said = CliRunner().invoke(app, words, env={"COLUMNS": "80", **self.exports})
        return subprocess.CompletedProcess(words, said.exit_code, said.stdout, said.stderr)

    def advance(self, by: str) -> str:
        """Let virtual time pass; the time it is then."""
        answer = self.http.post(f"{self.url}/_local/clock", json={"advance": by})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["now"])

    def mails(self, to: str | None = None) -> list[dict[str, Any]]:
        mails: list[dict[str, Any]] = self.http.get(f"{self.url}/_local/mail").json()
        return [mail for mail in mails if to is None or to in mail["to"]]

    def mail(self, mail_id: str) -> EmailMessage:
        raw = self.http.get(f"{self.url}/_local/mail/{mail_id}").content
        message = email.message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def links(self, to: str) -> Mapping[str, str]:
        """The links of the newest mail to an address: a score, `unsubscribe`, or `report`, to its address."""
        body = self.mail(self.mails(to)[-1]["id"]).get_body(("plain",))
        assert body is not None
        found = re.findall(r"http://127\.0\.0\.1:\d+/([sur])/[\w.-]+(?:/([\w.-]+))?", body.get_content())
        whole = re.findall(r"http://127\.0\.0\.1:\d+/[sur]/[\w.-]+(?:/[\w.-]+)?", body.get_content())
        names = {"u": "unsubscribe", "r": "report"}
        return {last or names[letter]: address for (letter, last), address in zip(found, whole, strict=True)}

    def tap(self, link: str, client: Mapping[str, str] = PHONE) -> requests.Response:
        return self.http.get(link, headers=dict(client))

    def confirm(self, link: str, score: int, client: Mapping[str, str] = PHONE, **fields: Any) -> requests.Response:
        """Send the page's form with a score."""
        return self.http.post(link.rsplit("/", 1)[0], data={"score": score, **fields}, headers=dict(client))

    def objects(self, prefix: str = "") -> list[str]:
        keys: list[str] = self.http.get(f"{self.url}/_local/objects", params={"prefix": prefix}).json()
        return keys

    def object(self, key: str) -> bytes:
        return self.http.get(f"{self.url}/_local/objects/{key}").content

    def report(self, shop: str, period: str) -> dict[str, Any]:
        self.run("report", "build", shop, period)
        report: dict[str, Any] = json.loads(self.object(f"reports/{shop}/{period}/report.json"))
        return report

    def fault(self, **fault: Any) -> None:
        assert self.http.post(f"{self.url}/_local/faults", json=fault).status_code == 200

    def surveys(self, shop: str, *arguments: str) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(self.run("survey", "list", shop, "--json", *arguments))
        return listed

    def invoke(self, function: str, payload: Mapping[str, Any]) -> Any:
        """Invoke a function as AWS's own command line would."""
        answer = self._client("lambda").invoke(FunctionName=function, Payload=json.dumps(payload).encode())
        return json.loads(answer["Payload"].read())

    def stage_of_the_only_survey(self) -> str:
        """Look into the table itself, faster than the command line can."""
        dynamodb = self._client("dynamodb")
        [table] = dynamodb.list_tables()["TableNames"]
        items = dynamodb.scan(TableName=table)["Items"]
        [stage] = [item["stage"]["S"] for item in items if item["pk"]["S"].startswith("survey#")]
        return str(stage)

    def _client(self, service: str) -> Any:
        return _session().client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.exports["AWS_ENDPOINT_URL"],
            region_name=self.exports["AWS_REGION"],
            aws_access_key_id=self.exports["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.exports["AWS_SECRET_ACCESS_KEY"],
        )


@cache
def _session() -> boto3.Session:
    """What boto3 knows of AWS, read once; every stack has the same operator."""
    return boto3.Session()
