"""A local stack that writes as fast as it can and says each write that was acknowledged, until it is killed.

Run as `python -m tests.local.storm FOLDER ROUND`. A line is `KIND KEY VALUE`; it is said after the answer came.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from tests.local.clouds import BUCKET, HELLO, SEND_QUEUE, TABLE, Running, item

Say = Callable[[str, str, object], None]


def say(kind: str, key: str, value: object) -> None:
    # One write of one short line is whole or not there, also when the writer is killed.
    os.write(1, f"{kind} {key} {value}\n".encode())


def items(stack: Running, turn: str) -> Iterator[None]:
    client = stack.cloud.client("dynamodb")
    for number in count(1):
        client.put_item(TableName=TABLE, Item={**item(number % 7), "turn": {"S": turn}, "n": {"N": str(number)}})
        say("item", f"survey#{number % 7}", f"{turn}-{number}")
        yield


def objects(stack: Running, turn: str) -> Iterator[None]:
    client = stack.cloud.client("s3")
    for number in count(1):
        client.put_object(Bucket=BUCKET, Key=f"answers/{number % 5}", Body=f"{turn}-{number}".encode())
        say("object", f"answers/{number % 5}", f"{turn}-{number}")
        yield


def messages(stack: Running, turn: str) -> Iterator[None]:
    client = stack.cloud.client("sqs")
    for number in count(1):
        sent = client.send_message(QueueUrl=SEND_QUEUE, MessageBody=f"{turn}-{number}")
        say("sent", sent["MessageId"], number)
        yield
        if number % 2 == 0:
            for message in stack.cloud.receive(SEND_QUEUE, 1):
                say("deleting", message.id, number)
                stack.cloud.delete(SEND_QUEUE, message.receipt)
                say("deleted", message.id, number)


def mails(stack: Running, turn: str) -> Iterator[None]:
    client = stack.cloud.client("sesv2")
    for number in count(1):
        sent = client.send_email(
            FromEmailAddress="hello@acme.example",
            Destination={"ToAddresses": ["anna@kowalska.example"]},
            Content={"Raw": {"Data": HELLO}},
        )
        say("mail", sent["MessageId"], f"{turn}-{number}")
        yield


def parameters(stack: Running, turn: str) -> Iterator[None]:
    client = stack.cloud.client("ssm")
    for number in count(1):
        client.put_parameter(Name="/acme/key", Value=f"{turn}-{number}", Type="SecureString", Overwrite=True)
        say("parameter", "/acme/key", f"{turn}-{number}")
        yield


def main(folder: str, turn: str) -> None:
    stack = Running(Path(folder))
    stack.cloud.start()
    writers: list[Any] = [items, objects, messages, mails, parameters]
    for writer in writers:
        threading.Thread(target=lambda steps: [None for _ in steps], args=(writer(stack, turn),)).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
