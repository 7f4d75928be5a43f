"""Where keys and texts may be sent without https: only within one's own network. Pure."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

#: RFC 1918, and this machine.
PRIVATE = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8")))
#: RFC 6762: names that only one's own network knows.
LOCAL = ".local"


def is_safe(url: str) -> bool:
    """Is it https, or an address of one's own network? With a user or a backslash in it, readers differ about it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or "@" in parts.netloc or "\\" in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_private(host))


def _is_private(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.endswith(LOCAL)
    return any(address in network for network in PRIVATE)
