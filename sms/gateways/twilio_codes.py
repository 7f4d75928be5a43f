"""What Twilio's error codes mean for a text, for its number and for the route. A table to review.

From Twilio's error dictionary. Codes are being split into finer ones, so what is not listed is judged by
the HTTP status: another 4xx is permanent, 429 will pass. 5xx is no refusal at all (twilio.py).

All this is about refusals at the call. Codes of 300xx come almost always later, in a receipt: the text has failed
then and is not sent again, and only BAD_NUMBER says something more (docs/sms.md).
"""

from __future__ import annotations

from sms.gateways import GatewayError

#: The person opted out at Twilio.
OPTED_OUT = frozenset({"21610"})
#: No such number, not a mobile, or a landline.
BAD_NUMBER = frozenset({"21211", "21614", "30005", "30006"})
#: Account, permissions, sender or messaging service: no text will pass until a human mends it.
ACCOUNT = frozenset(
    {"20003", "20005", "20404", "21212", "21408", "21606", "21608", "21612", "30002"}
    | {"21603", "21659", "21660", "21701", "21703", "21704", "21705", "401", "403"}
)
#: Blocked by the recipient or a filter; the same words would be blocked again.
FILTERED = frozenset({"30004", "30007"})
#: Will pass; some only after hours: the phone is off, or nobody knows why. Seconds to wait.
PASSING: dict[str, float | None] = {
    "429": None,
    "20429": None,
    "21611": 600,
    "30001": 600,
    "30003": 3600,
    "30008": 4 * 3600,
}


def refusal(status: int, code: str, retry_after: float | None) -> GatewayError:
    """The error that stands for an answer below 500. `code` is Twilio's, or the HTTP status if it gave none."""
    if code in ACCOUNT:
        return GatewayError(permanent=False, code=code, pause_route=True, retry_after=retry_after)
    if code in PASSING or status == 429:
        wait = PASSING.get(code) if retry_after is None else retry_after
        return GatewayError(permanent=False, code=code, retry_after=wait)
    if 300 <= status < 400:
        return GatewayError(permanent=False, code=code, pause_route=True)
    return GatewayError(permanent=True, code=code, flag_number=is_bad_number(code))


def is_bad_number(code: str) -> bool:
    """Should this number not be texted again?"""
    return code in BAD_NUMBER
