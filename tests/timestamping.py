"""A time-stamp service on the loopback: `openssl ts` behind HTTP, with certificates and a revocation list."""

import datetime as dt
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CONFIGURATION = """[tsa]
default_tsa = service
[service]
serial = {folder}/serial
signer_cert = {folder}/service.pem
signer_key = {folder}/key.pem
certs = {folder}/root.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""
LASTS = dt.timedelta(days=365)


class TimeStampService:
    """The service: its address, its authority, and what it does when it is asked."""

    def __init__(self, folder: Path, name: str = "Test time stamps") -> None:
        self.folder, self.asked, self.broken = folder, 0, ""
        """`broken`: "status" answers 503, "nonsense" with other bytes; else it works."""
        folder.mkdir(exist_ok=True)
        self.address = ""
        self.name, self.root_key, self.key = name, _key(), _key()
        self.root = self._certificate(f"{name} root", self.root_key, authority=True)
        (folder / "root.pem").write_bytes(self.root.public_bytes(Encoding.PEM))
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "key.pem").write_bytes(private)
        (folder / "serial").write_text("01\n")
        (folder / "openssl.cnf").write_text(CONFIGURATION.format(folder=folder))

    def open_for(self, address: str) -> None:
        """Begin to answer at this address, which the certificate names for its revocation list."""
        self.address = address
        self.certificate = self._certificate(self.name, self.key, authority=False)
        (self.folder / "service.pem").write_bytes(self.certificate.public_bytes(Encoding.PEM))
        self.revoke()

    def revoke(self, *serials: int) -> None:
        """Publish a list of certificates that are called back."""
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.root.subject)
        builder = builder.last_update(now - dt.timedelta(hours=1)).next_update(now + LASTS)
        for serial in serials:
            one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - dt.timedelta(hours=1))
            builder = builder.add_revoked_certificate(one.build())
        self.list = builder.sign(self.root_key, hashes.SHA256()).public_bytes(Encoding.DER)

    def answer(self, query: bytes) -> bytes:
        """The reply to a query, both as DER."""
        self.asked += 1
        (self.folder / "query").write_bytes(query)
        words = ["openssl", "ts", "-reply", "-config", "openssl.cnf", "-queryfile", "query"]
        return subprocess.run(words, cwd=self.folder, capture_output=True, check=True).stdout

    def _certificate(self, name: str, key: ec.EllipticCurvePrivateKey, *, authority: bool) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if authority else self.root.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + (10 * LASTS if authority else LASTS))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if not authority:
            place = x509.UniformResourceIdentifier(f"{self.address}/root.crl")
            point = x509.DistributionPoint([place], relative_name=None, reasons=None, crl_issuer=None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(usage, critical=True)
        return builder.sign(self.root_key, hashes.SHA256())


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@contextmanager
def running(folder: Path, name: str = "Test time stamps") -> Iterator[TimeStampService]:
    """The service, listening on a free port of the loopback."""
    service = TimeStampService(folder, name)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if service.broken == "status":
                self.send_error(503)
                return
            self._send(b"nonsense" if service.broken else service.answer(body), "application/timestamp-reply")

        def do_GET(self) -> None:
            self._send(service.list, "application/pkix-crl")

        def _send(self, data: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.open_for(f"http://127.0.0.1:{server.server_port}")
        Thread(target=server.serve_forever, daemon=True).start()
        yield service
        server.shutdown()
