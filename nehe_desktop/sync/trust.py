"""Whom a laptop believes over TLS: this county's own authority and nobody else."""

from __future__ import annotations

import ipaddress
import ssl
from urllib.parse import urlsplit

_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL


def pinned(ca: str) -> ssl.SSLContext:
    """Trust in one authority (PEM), which certifies nothing but this hub.

    So the name in the certificate says nothing more, and a hub may move to another address; and a laptop
    whose clock stands years off, an empty battery, is not locked out.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_flags |= _NO_CHECK_TIME
    context.load_verify_locations(cadata=ca)
    return context


def nobody() -> ssl.SSLContext:
    """Trust in nobody: only good for asking who is there, what is heard must be proved otherwise."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def is_near(url: str) -> bool:
    """Whether an address is this very computer."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
