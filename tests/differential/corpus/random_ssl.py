"""TLS library."""

import ssl

context = ssl.create_default_context()
print(context.verify_mode, context.check_hostname, context.protocol)
print(ssl.RAND_status(), len(ssl.RAND_bytes(8)), ssl.RAND_bytes(8) == ssl.RAND_bytes(8))
print(context.minimum_version, ssl.HAS_TLSv1_3)
print(context.get_ciphers()[0]["name"])
