"""SMS Gateway for Android (sms-gate.app): a phone with a SIM card that sends and receives, through its own library.

Local mode: the phone itself answers in the LAN (`http://192.168.1.10:8080`). Cloud or private mode: a server passes
texts on to the phone (`https://api.sms-gate.app/3rdparty/v1`). Our reference is the text's own id there, so a look-up
is exact, and the same text handed over twice is known as the same. What the phone posts to us is android_events.py.

A phone sends about 10 texts a minute. A text that it could not send within `good_for` seconds is given up by it: it
must not arrive at night, or after the hours that are safe for its reader.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import requests
from android_sms_gateway import APIClient, Message, TextMessage, Webhook
from android_sms_gateway.domain import MessageState
from android_sms_gateway.enums import ProcessState, WebhookEvent
from android_sms_gateway.errors import APIError, NotFoundError
from android_sms_gateway.http import RequestsHttpClient
from requests.adapters import HTTPAdapter

from sms.gateways import Accepted, Found, GatewayError, Headers, Heartbeat, LookUp, News, Outgoing, Status, Uncertain
from sms.gateways import android_events as events
from sms.gateways.transport import transport_failure

#: Seconds to connect, and to wait for the answer: the phone may have to wake up.
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 20.0
#: Seconds within which the phone may still send a text.
GOOD_FOR = 3600
#: The app takes no smaller number.
LEAST_SECONDS = 5
#: Whatever else the phone says, it has the text.
STATUSES: dict[ProcessState, Status] = {
    ProcessState.Delivered: "delivered",
    ProcessState.Failed: "failed",
    ProcessState.Cancelled: "failed",
}
#: What the phone posts to us; each needs a webhook of its own.
EVENTS = (
    WebhookEvent.SMS_RECEIVED,
    WebhookEvent.SMS_SENT,
    WebhookEvent.SMS_DELIVERED,
    WebhookEvent.SMS_FAILED,
    WebhookEvent.SYSTEM_PING,
)
#: Words in a 400 that speak of our settings and not of the text.
SETTINGS_AT_FAULT = ("device", "simnumber", "sim number")


class Android:
    """Texts through one phone, or the phones of one account."""

    can_receive = True

    def __init__(
        self,
        *,
        base_url: str,
        user: str,
        password: str,
        signing_key: str = "",
        events_url: str = "",
        device_id: str = "",
        sim: int | None = None,
        name: str = "android",
        good_for: int = GOOD_FOR,
        in_flight: int = 16,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        """`sim`: 1 to 3, else the phone chooses; what comes by another card is not this gateway's.

        Without a `signing_key` nothing that is posted to us is believed. `events_url`: where the phone is to post its
        events, which must be https; else somebody enters it in the app.
        """
        self.name = name
        self._device_id, self._sim, self._good_for = device_id or None, sim, good_for
        self._signing_key, self._events_url = signing_key, events_url
        session = _Session(in_flight, answer_seconds, (user, password))
        self._client = APIClient(user, password, base_url=base_url, http=RequestsHttpClient(session))

    def send(self, text: Outgoing) -> Accepted:
        """Raises GatewayError or Uncertain."""
        message = Message(
            phone_numbers=[text.to],
            text_message=TextMessage(text.body),
            with_delivery_report=True,
            ttl=max(LEAST_SECONDS, int(text.seconds_left(self._good_for))),
            sim_number=self._sim,
            id=text.reference,
            device_id=self._device_id,
        )
        try:
            # Numbers are checked when they are entered; the phone's own list of prefixes may be older than ours.
            state = self._client.send(message, skip_phone_validation=True)
        except APIError as error:
            if error.status_code == 409:
                return Accepted(text.reference)
            if (error.status_code or 0) >= 500:
                # The phone, or a server in between, may have stored the text before it broke.
                raise Uncertain(str(error.status_code)) from None
            raise _refusal(error) from None
        except requests.TooManyRedirects:
            raise GatewayError(permanent=False, code="redirect", pause_route=True) from None
        except requests.JSONDecodeError:
            raise Uncertain("unreadable") from None
        except requests.RequestException as error:
            raise transport_failure(error) from None
        except (ValueError, TypeError, KeyError, AttributeError):
            # It answered 'accepted', with words that cannot be read.
            raise Uncertain("unreadable") from None
        return Accepted(state.id)

    def look_up(self, text: LookUp) -> Found | None:
        """By our own reference, which is the text's id there."""
        try:
            return _found(self._client.get_state(text.reference))
        except NotFoundError:
            return None
        except (APIError, requests.RequestException):
            raise GatewayError(permanent=False, code="no_answer") from None
        except (ValueError, TypeError, KeyError, AttributeError, IndexError):
            raise GatewayError(permanent=False, code="unreadable") from None

    def health(self) -> Heartbeat:
        """What the phone says of itself now; a server in between only that it is there. Raises GatewayError."""
        try:
            answer = self._get("/health")
        except APIError as error:
            # A phone with an empty battery answers 500, and with what.
            if not isinstance(error.response, dict) or "checks" not in error.response:
                raise _refusal(error) from None
            answer = error.response
        except requests.RequestException:
            raise GatewayError(permanent=False, code="no_connection") from None
        return events.heartbeat("", answer)

    def maintain(self) -> None:
        """An app that was installed anew, or another phone, learns where to post. Raises GatewayError."""
        if self._events_url.startswith("https://"):
            self.register_webhooks(self._events_url)

    def register_webhooks(self, url: str) -> None:
        """Tell the phone to post its events to `url`, which must be https. Again changes nothing. Raises GatewayError.

        A server in between passes this on to the phone within minutes.
        """
        for event in EVENTS:
            webhook = Webhook(id=self._name_of(event), url=url, event=event, device_id=self._device_id)
            try:
                self._client.create_webhook(webhook)
            except APIError as error:
                raise _refusal(error) from None
            except requests.JSONDecodeError:
                continue
            except requests.RequestException:
                raise GatewayError(permanent=False, code="no_connection") from None
            except (ValueError, TypeError, KeyError, AttributeError):
                # Registered; a phone repeats it in its own way.
                continue

    def _name_of(self, event: WebhookEvent) -> str:
        """Always the same, at most 36 letters, and of this gateway alone: one account may serve several."""
        return f"desmigratif-{hashlib.sha256(f'{self.name} {event.value}'.encode()).hexdigest()[:24]}"

    def verify_event(self, body: bytes, headers: Headers, now: datetime) -> bool:
        return events.is_signed(self._signing_key, body, headers, now)

    def parse_event(self, body: bytes) -> list[News]:
        """Raises BadCallback."""
        return events.parse(body, self._sim)

    def _get(self, path: str) -> Any:
        assert self._client.http is not None
        return self._client.http.get(self._client.base_url + path, headers=self._client.headers)


class _Session(requests.Session):
    """The library waits for ever, follows redirects and looks for other passwords; this does not."""

    def __init__(self, in_flight: int, answer_seconds: float, auth: tuple[str, str]) -> None:
        super().__init__()
        self._timeout = (CONNECT_SECONDS, answer_seconds)
        self.auth = auth
        self.max_redirects = 0
        adapter = HTTPAdapter(pool_maxsize=in_flight)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(*args, **{"timeout": self._timeout, **kwargs})


def _refusal(error: APIError) -> GatewayError:
    """The error that stands for this answer."""
    status = error.status_code or 0
    code = str(status)
    if status == 429 or status >= 500:
        return GatewayError(permanent=False, code=code, retry_after=_retry_after(error))
    if status in (401, 403, 404, 405) or _is_of_settings(error):
        return GatewayError(permanent=False, code=code, pause_route=True)
    return GatewayError(permanent=True, code=code)


def _is_of_settings(error: APIError) -> bool:
    said = error.response.get("message") if isinstance(error.response, dict) else None
    return isinstance(said, str) and any(word in said.lower() for word in SETTINGS_AT_FAULT)


def _retry_after(error: APIError) -> float | None:
    response = getattr(error.__cause__, "response", None)
    wait = response.headers.get("Retry-After", "") if response is not None else ""
    return float(wait) if wait.isdigit() else None


def _found(state: MessageState) -> Found:
    status = STATUSES.get(state.state, "sent")
    if state.state is ProcessState.Cancelled:
        return Found(state.id, status, "cancelled")
    why = state.recipients[0].error if status == "failed" else None
    return Found(state.id, status, events.code(why) if status == "failed" else "")
