"""Identifiers and secrets."""

import secrets
import uuid

print(uuid.uuid4().version, uuid.uuid4() == uuid.uuid4(), uuid.uuid1().version, uuid.uuid1() == uuid.uuid1())
print(uuid.uuid5(uuid.NAMESPACE_DNS, "example.org"), uuid.uuid3(uuid.NAMESPACE_URL, "x"))
print(len(secrets.token_hex(8)), secrets.token_bytes() == secrets.token_bytes(), secrets.compare_digest("a", "a"))
print(uuid.getnode() == uuid.getnode())
