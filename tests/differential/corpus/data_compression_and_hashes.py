"""Compression and hashes."""

import bz2
import hashlib
import hmac
import lzma
import zlib

data = b"corpus " * 1000
for module in (zlib, bz2, lzma):
    print(module.__name__, module.decompress(module.compress(data)) == data, len(module.compress(data)) < 200)
print(zlib.crc32(data), hashlib.sha256(data).hexdigest(), hashlib.md5(b"").hexdigest())
print(hmac.new(b"key", data, "sha1").hexdigest(), hashlib.blake2b(data, digest_size=8).hexdigest())
print(hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 1000).hex())
