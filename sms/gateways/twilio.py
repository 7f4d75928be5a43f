"""Twilio, through its official library.

Indonesia is one-way there: texts leave from a registered alphanumeric sender, so answers come to the
reply number of another channel. Receipts are unreliable in Indonesia: 'sent' is not 'received'.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from sms.gateways import (
    Accepted,
    BadCallback,
    Found,
    GatewayError,
    Headers,
    IncomingText,
    LookUp,
    Outgoing,
    Receipt,
    Status,
    Uncertain,
)
from sms.gateways.transport import transport_failure
from sms.gateways.twilio_codes import is_bad_number, refusal

#: Seconds to connect, and to wait for the answer.
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 20.0
#: Seconds for which a text may wait at Twilio; it should not be asked for less.
GOOD_FOR, LEAST_SECONDS = 3600, 5
#: How far Twilio's clock may differ from ours when a text is looked up.
CLOCK_SKEW = timedelta(minutes=10)
#: One page of Twilio's list; nobody gets more texts than that in the window of a look-up.
LOOK_UP_LIMIT = 1000
#: Ids, numbers and states of Twilio are far shorter.
LONGEST_FIELD = 64
#: What Twilio calls a text's state. Whatever else it says, it has the text.
STATUSES: dict[str, Status] = {
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}

# The library logs requests with number and words, and the transport logs addresses with numbers.
_silent = logging.Logger("twilio without a voice", logging.CRITICAL + 1)
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class Twilio:
    """Texts through one Twilio account, from a sender or a messaging service."""

    can_receive = False

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        public_url: str,
        sender: str = "",
        messaging_service_sid: str = "",
        base_url: str = "",
        in_flight: int = 16,
        name: str = "twilio",
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        """`name` stands in the address that Twilio calls. `public_url`: where it reaches us.

        `base_url`: another server in Twilio's place, for tests.
        """
        self.name = name
        self._http = _HttpClient(base_url, in_flight, answer_seconds)
        self._client = Client(account_sid, auth_token, http_client=self._http)
        self._validator = RequestValidator(auth_token)
        self._callback = f"{public_url}/callbacks/{self.name}/receipts/"
        self._from = {"messaging_service_sid": messaging_service_sid} if messaging_service_sid else {"from_": sender}

    def send(self, text: Outgoing) -> Accepted:
        """Raises GatewayError or Uncertain."""
        self._http.retry_after = None
        try:
            message = self._client.messages.create(
                to=text.to,
                body=text.body,
                status_callback=self._callback + text.reference,
                validity_period=max(LEAST_SECONDS, int(text.seconds_left(GOOD_FOR))),
                **self._from,
            )
        except TwilioException as error:
            raise self._refused(error) from None
        except requests.RequestException as error:
            raise transport_failure(error) from None
        except (ValueError, TypeError, KeyError, AttributeError):
            # It answered 'created', with words that cannot be read.
            raise Uncertain("unreadable") from None
        if not message.sid:
            raise Uncertain("no_sid")
        return Accepted(provider_id=message.sid, segments=_number(message.num_segments))

    def look_up(self, text: LookUp) -> Found | None:
        """Twilio knows no reference of ours, so: the same words to the same number, since then."""
        try:
            messages = self._client.messages.list(to=text.to, limit=LOOK_UP_LIMIT, page_size=LOOK_UP_LIMIT)
        except (TwilioException, requests.RequestException):
            raise GatewayError(permanent=False, code="no_answer") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise GatewayError(permanent=False, code="unreadable") from None
        possible = [message for message in messages if _may_be(message, text)]
        ours = [message for message in possible if _says(message.body or "", text.body)]
        if not ours and any(not message.body for message in possible):
            # An account that redacts what it keeps: one of these may be ours.
            raise GatewayError(permanent=False, code="redacted")
        if not ours:
            return None
        first = min(ours, key=lambda message: cast(datetime, message.date_created))
        return Found(first.sid, STATUSES.get(first.status, "sent"), code=_code(first.error_code))

    def verify(self, url: str, form: Mapping[str, str], headers: Headers) -> bool:
        """Is the signature Twilio's? `form` is the multi-dict as it came, for repeated fields count."""
        return bool(self._validator.validate(url, form, headers.get("X-Twilio-Signature", "")))

    def parse_receipt(self, form: Mapping[str, str]) -> Receipt:
        """Raises BadCallback."""
        code = form.get("ErrorCode", "")
        return Receipt(
            reference=None,
            provider_id=_field(form, "MessageSid", "SmsSid"),
            status=STATUSES.get(_field(form, "MessageStatus", "SmsStatus"), "sent"),
            code=code,
            flag_number=is_bad_number(code),
        )

    def parse_incoming(self, form: Mapping[str, str]) -> IncomingText:
        """Raises BadCallback."""
        return IncomingText(
            provider_id=_field(form, "MessageSid", "SmsSid"), number=_field(form, "From"), body=form.get("Body", "")
        )

    def _refused(self, error: TwilioException) -> GatewayError | Uncertain:
        status, code = getattr(error, "status", None), getattr(error, "code", None)
        if not isinstance(status, int):
            return GatewayError(permanent=False, code="configuration", pause_route=True)
        if status >= 500:
            # Something broke behind the request, perhaps after the text was stored: that is no refusal.
            return Uncertain(str(status))
        return refusal(status, _code(code), self._http.retry_after)


class _HttpClient(TwilioHttpClient):  # type: ignore[misc]  # the library ships no types
    """Goes to another server if told to, keeps a connection for each text in flight, remembers Retry-After."""

    def __init__(self, base_url: str, in_flight: int, answer_seconds: float) -> None:
        super().__init__(logger=_silent)
        self.timeout = (CONNECT_SECONDS, answer_seconds)
        self._base = urlsplit(base_url) if base_url else None
        self._of_thread = threading.local()
        adapter = HTTPAdapter(pool_maxsize=in_flight)
        self.session.mount("https://", adapter)
        self.session.mount("http://", adapter)

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, as the last answer to this thread said."""
        return getattr(self._of_thread, "retry_after", None)

    @retry_after.setter
    def retry_after(self, seconds: float | None) -> None:
        self._of_thread.retry_after = seconds

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        response = super().request(method, self._redirected(url), *args, **kwargs)
        wait = response.headers.get("Retry-After", "")
        self.retry_after = float(wait) if wait.isdigit() else None
        return response

    def _redirected(self, url: str) -> str:
        if self._base is None:
            return url
        asked = urlsplit(url)
        path = self._base.path.rstrip("/") + asked.path
        return urlunsplit((self._base.scheme, self._base.netloc, path, asked.query, ""))


def _may_be(message: Any, text: LookUp) -> bool:
    """Is this a text from us to that number since then, and not known to be another one?"""
    created = message.date_created
    if created is None or message.sid in text.taken or str(message.direction or "").startswith("inbound"):
        return False
    created = created if created.tzinfo else created.replace(tzinfo=UTC)
    return bool(created >= text.since - CLOCK_SKEW)


def _says(body: str, words: str) -> bool:
    """The same words; a trial account puts its own before them."""
    kept, ours = body.split(), words.split()
    return bool(ours) and kept[-len(ours) :] == ours


def _field(form: Mapping[str, str], *names: str) -> str:
    for name in names:
        if value := form.get(name):
            if not value.isprintable() or len(value) > LONGEST_FIELD:
                raise BadCallback(f"{name} is no id, number or state")
            return value
    raise BadCallback(f"{names[0]} is missing")


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _code(code: object) -> str:
    return "" if code is None else str(code)[:16]
