"""Our Twilio gateway, and the server that plays Twilio in other tests, against Twilio's published description."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import requests

from sms.gateways import Accepted, Found, GatewayError, LookUp, Outgoing, Uncertain
from sms.gateways.twilio import Twilio
from tests.sms.twilio_server import ACCOUNT, TOKEN, Answer, TwilioServer, message, sid
from tools import contract
from tools.progress import SetUpError

MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
TEXT = Outgoing("r3f3r3nc3", "+6281234567801", "Desmigratif: Sri, besok jadi berangkat?")
#: How prism says where it listens.
LISTENING = re.compile(r"listening on (http://127\.0\.0\.1:\d+)")

pytestmark = pytest.mark.skipif(
    not (contract.PRISM.is_file() and contract.DESCRIPTION.is_file()),
    reason="prism and Twilio's API description are not here: `python -m tools.contract` fetches them with npm",
)


@contextmanager
def prism(*words: str) -> Iterator[str]:
    """Prism on a free port; its address."""
    try:
        node, env = contract.node()
    except SetUpError as error:
        pytest.skip(str(error))
    command = [node, str(contract.PRISM), *words, "--host", "127.0.0.1", "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env, start_new_session=True
    )
    try:
        yield _address(process)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=10)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if found := LISTENING.search(line):
            return found[1]
    raise AssertionError("prism did not start: " + "".join(said[-5:]))


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """Prism plays Twilio with the examples of the description."""
    with prism("mock", str(contract.DESCRIPTION)) as url:
        yield url


def gateway(url: str, **changes: object) -> Twilio:
    options = {"account_sid": ACCOUNT, "auth_token": TOKEN, "public_url": "https://desmigratif.example.go.id"}
    return Twilio(**({"base_url": url, "sender": "DESMIGRATIF"} | options | changes))


def test_twilio_would_take_what_we_send(mock: str) -> None:
    accepted = gateway(mock).send(TEXT)
    assert re.fullmatch("SM[0-9a-f]{32}", accepted.provider_id)
    assert accepted.segments == 1


def test_twilio_would_take_it_from_a_messaging_service(mock: str) -> None:
    assert gateway(mock, messaging_service_sid="MG" + "1" * 32).send(TEXT).provider_id


def test_twilio_would_answer_a_look_up(mock: str) -> None:
    assert gateway(mock).look_up(LookUp(TEXT.reference, TEXT.to, TEXT.body, NOW)) is None


def test_the_mock_refuses_what_breaks_the_contract(mock: str) -> None:
    answer = requests.post(mock + MESSAGES, data={"Body": "nobody to send to"}, auth=(ACCOUNT, TOKEN), timeout=10)
    assert answer.status_code == 422
    with pytest.raises(GatewayError):
        gateway(mock, account_sid="not an account").send(TEXT)


@pytest.fixture(scope="module")
def proxy() -> Iterator[tuple[TwilioServer, str]]:
    """Our server, and prism's address before it, which fails on what either side says against the description."""
    server = TwilioServer()
    try:
        with prism("proxy", "--errors", str(contract.DESCRIPTION), server.url) as url:
            yield server, url
    finally:
        server.close()


@pytest.fixture
def proxied(proxy: tuple[TwilioServer, str]) -> tuple[TwilioServer, str]:
    """The same, with nothing left of the test before."""
    server, _ = proxy
    server.requests.clear()
    server.answers.clear()
    return proxy


def test_our_own_server_keeps_the_contract_too(proxied: tuple[TwilioServer, str]) -> None:
    server, url = proxied
    server.will(
        Answer(201, message(1, NOW, body=TEXT.body)),
        Answer(200, page(message(1, NOW, body=TEXT.body, status="delivered"))),
    )
    assert gateway(url).send(TEXT) == Accepted(sid(1), segments=1)
    found = gateway(url).look_up(LookUp(TEXT.reference, TEXT.to, TEXT.body, NOW))
    assert found == Found(sid(1), "delivered")
    assert [request.method for request in server.requests] == ["POST", "GET"]


def test_the_proxy_fails_on_an_answer_that_breaks_the_contract(proxied: tuple[TwilioServer, str]) -> None:
    server, url = proxied
    server.will(Answer(201, message(1, NOW) | {"status": "on its way", "sid": "no sid"}))
    # With 500, which is never taken for a refusal.
    with pytest.raises(Uncertain):
        gateway(url).send(TEXT)
    assert [request.method for request in server.requests] == ["POST"]
    assert not server.answers


def page(*messages: dict[str, object]) -> dict[str, object]:
    """A page of Twilio's list, with all fields of its contract."""
    uri = f"https://api.twilio.com{MESSAGES}?PageSize=1000&Page=0"
    return {
        "messages": list(messages),
        "start": 0,
        "end": len(messages) - 1,
        "page": 0,
        "page_size": 1000,
        "first_page_uri": uri,
        "next_page_uri": None,
        "previous_page_uri": None,
        "uri": uri,
    }
