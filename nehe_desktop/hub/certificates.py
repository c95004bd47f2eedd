"""The hub's own certificate authority, and the certificate that it shows to laptops, which pin the authority."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AUTHORITY_LASTS = timedelta(days=365 * 30)
_SERVER_LASTS = timedelta(days=730)
_NEAR = timedelta(days=90)
_SINCE = datetime(2000, 1, 1, tzinfo=UTC)  # also good for a laptop whose clock stands years back


@dataclass(frozen=True, repr=False)
class Certified:
    """A certificate and its private key, both PEM."""

    certificate: str
    key: str

    def __repr__(self) -> str:
        return "Certified(…)"


def new_authority(name: str, now: datetime) -> Certified:
    """A fresh authority of a county; laptops know it by the hash in their invitation."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, name, key, now + _AUTHORITY_LASTS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    return _signed(builder, key, key)


def new_server(authority: Certified, hosts: Sequence[str], now: datetime) -> Certified:
    """A fresh certificate for the hub at these addresses, signed by its authority."""
    signer, issuer = _key(authority), x509.load_pem_x509_certificate(authority.certificate.encode())
    key = ec.generate_private_key(ec.SECP256R1())
    name = str(issuer.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    builder = _builder("hub", name, key, now + _SERVER_LASTS)
    names = [_named(host) for host in dict.fromkeys((*hosts, "localhost", "127.0.0.1", "::1"))]
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(purpose, critical=False)
    parent = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return _signed(builder.add_extension(parent, critical=False), key, signer)


def is_near_end(certificate: str, now: datetime) -> bool:
    """Whether a certificate (PEM) should be made anew."""
    return x509.load_pem_x509_certificate(certificate.encode()).not_valid_after_utc - now < _NEAR


def hosts_of(certificate: str) -> list[str]:
    """The addresses that a certificate (PEM) names."""
    loaded = x509.load_pem_x509_certificate(certificate.encode())
    names = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(name.value) for name in names]


def fingerprint(certificate: str) -> str:
    """The SHA-256 (hex) of a certificate (PEM) in DER."""
    loaded = x509.load_pem_x509_certificate(certificate.encode())
    return hashlib.sha256(loaded.public_bytes(serialization.Encoding.DER)).hexdigest()


def _builder(
    name: str, issuer: str, key: ec.EllipticCurvePrivateKey, end: datetime
) -> x509.CertificateBuilder:
    subject = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_SINCE)
        .not_valid_after(end)
        .add_extension(subject, critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _named(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _signed(
    builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey
) -> Certified:
    certificate = builder.sign(signer, SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    kept = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certified(certificate, kept.decode())


def _key(certified: Certified) -> ec.EllipticCurvePrivateKey:
    loaded = serialization.load_pem_private_key(certified.key.encode(), None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise TypeError(type(loaded))
    return loaded
