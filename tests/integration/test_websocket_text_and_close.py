"""RFC 6455: UTF-8 (Autobahn's chapter 6) and the closing handshake (chapter 7), as test_websocket_conformance.py."""

import asyncio
import struct

import pytest

from tests.integration.test_websocket_conformance import BAD_TEXT, NORMAL, PROTOCOL_ERROR, alive, client, failed
from tests.support import raw_websocket as raw
from tests.support.raw_websocket import CLOSE, CONTINUATION, PING, TEXT, RawWebSocket

__all__ = ["client"]  # the fixture

KOSME = "κόσμε".encode()

VALID_TEXT = {
    "6.1.1 empty": b"",
    "6.2.1": "Hello-µ@ßöäüàá-UTF-8!!".encode(),
    "6.5.1": KOSME,
    "6.6 first of two bytes": b"\xc2\x80",
    "6.6 first of three bytes": b"\xe0\xa0\x80",
    "6.6 first of four bytes": b"\xf0\x90\x80\x80",
    "6.7 last of one byte": b"\x7f",
    "6.7 last of two bytes": b"\xdf\xbf",
    "6.7 last of three bytes": b"\xef\xbf\xbf",
    "6.7 last of all": b"\xf4\x8f\xbf\xbf",
    "6.9 before the surrogates": b"\xed\x9f\xbf",
    "6.9 after the surrogates": b"\xee\x80\x80",
    "6.9 replacement": b"\xef\xbf\xbd",
    "6.22 non-character": b"\xef\xbf\xbe",
    "6.23 NUL": b"a\x00b",
}

INVALID_TEXT = {
    "6.3.1": KOSME + b"\xed\xa0\x80" + b"edited",
    "6.8 five bytes": b"\xf8\x88\x80\x80\x80",
    "6.8 six bytes": b"\xfc\x84\x80\x80\x80\x80",
    "6.10 above the last": b"\xf4\x90\x80\x80",
    "6.11 F5": b"\xf5\x80\x80\x80",
    "6.12 lone continuation": b"\x80",
    "6.12 last continuation": b"\xbf",
    "6.12 several": b"\x80\xbf\x80",
    "6.14 cut two bytes": b"\xc2",
    "6.14 cut three bytes": b"\xe0\xa0",
    "6.14 cut four bytes": b"\xf0\x90\x80",
    "6.16 FE": b"\xfe",
    "6.16 FF": b"\xff",
    "6.17 overlong slash in two": b"\xc0\xaf",
    "6.17 overlong slash in three": b"\xe0\x80\xaf",
    "6.17 overlong slash in four": b"\xf0\x80\x80\xaf",
    "6.18 largest overlong in two": b"\xc1\xbf",
    "6.18 largest overlong in three": b"\xe0\x9f\xbf",
    "6.18 largest overlong in four": b"\xf0\x8f\xbf\xbf",
    "6.19 overlong NUL": b"\xc0\x80",
    "6.20 low surrogate": b"\xed\xb0\x80",
    "6.20 high surrogate": b"\xed\xaf\xbf",
    "6.21 pair of surrogates": b"\xed\xa0\x80\xed\xb0\x80",
}


@pytest.mark.parametrize("payload", VALID_TEXT.values(), ids=VALID_TEXT)
async def test_6_valid_text(client: RawWebSocket, payload: bytes) -> None:
    await client.send_frame(TEXT, payload)
    assert await client.read_message() == (TEXT, payload)
    for at in range(len(payload)):  # 6.2.4: every byte a fragment
        opcode = TEXT if at == 0 else CONTINUATION
        await client.send_frame(opcode, payload[at : at + 1], fin=at == len(payload) - 1)
    if payload:
        assert await client.read_message() == (TEXT, payload)
    await alive(client)


@pytest.mark.parametrize("payload", INVALID_TEXT.values(), ids=INVALID_TEXT)
async def test_6_invalid_text(client: RawWebSocket, payload: bytes) -> None:
    await client.send_frame(TEXT, payload)
    await failed(client, BAD_TEXT)


CUT = {name: payload for name, payload in INVALID_TEXT.items() if "cut" in name}
NOT_CUT = {name: payload for name, payload in INVALID_TEXT.items() if "cut" not in name}


@pytest.mark.parametrize("payload", CUT.values(), ids=CUT)
async def test_6_text_that_is_cut_before_an_empty_frame(client: RawWebSocket, payload: bytes) -> None:
    await send_byte_by_byte(client, payload)
    await failed(client, BAD_TEXT)


@pytest.mark.parametrize("payload", NOT_CUT.values(), ids=NOT_CUT)
async def test_6_invalid_text_in_fragments(client: RawWebSocket, payload: bytes) -> None:
    await send_byte_by_byte(client, payload)
    await failed(client, BAD_TEXT)


async def send_byte_by_byte(client: RawWebSocket, payload: bytes) -> None:
    """Each byte a frame, all in one write: the connection may fail at any of them."""
    pieces = (raw.encode(CONTINUATION, bytes([byte]), fin=False) for byte in payload)
    await client.send(raw.encode(TEXT, b"good ", fin=False) + b"".join(pieces) + raw.encode(CONTINUATION))


async def test_6_4_3_invalid_text_fails_before_the_message_is_whole(client: RawWebSocket) -> None:
    await client.send_frame(TEXT, KOSME, fin=False)
    await client.send_frame(CONTINUATION, b"\xf4\x90\x80\x80", fin=False)
    await failed(client, BAD_TEXT)


# --- 7: the closing handshake ------------------------------------------------------------------------------------


async def test_7_1_1_a_message_then_a_close(client: RawWebSocket) -> None:
    await client.send_frame(TEXT, b"Hello World!")
    assert await client.read_message() == (TEXT, b"Hello World!")
    assert (await client.close()).close_code() == NORMAL
    await client.read_end()


async def test_7_1_2_two_closes(client: RawWebSocket) -> None:
    await client.send(raw.encode_close(NORMAL) + raw.encode_close(NORMAL))
    await failed(client, NORMAL)


async def test_7_1_3_a_ping_after_the_close_gets_no_pong(client: RawWebSocket) -> None:
    await client.send(raw.encode_close(NORMAL) + raw.encode(PING, b"late"))
    await failed(client, NORMAL)


async def test_7_1_4_a_message_after_the_close_is_ignored(client: RawWebSocket) -> None:
    await client.send(raw.encode_close(NORMAL) + raw.encode(TEXT, b"late"))
    await failed(client, NORMAL)


async def test_7_1_5_a_close_inside_of_a_message(client: RawWebSocket) -> None:
    await client.send_frame(TEXT, b"fragment1", fin=False)
    await client.send(raw.encode_close(NORMAL) + raw.encode(CONTINUATION, b"fragment2"))
    await failed(client, NORMAL)


async def test_7_1_6_a_large_message_before_the_close(client: RawWebSocket) -> None:
    """What comes before the close is delivered; the echo may be cut off by it."""
    sending = asyncio.ensure_future(client.send(raw.encode(TEXT, b"x" * (256 << 10)) + raw.encode_close(NORMAL)))
    frame = await client.read_frame()
    while frame.opcode != CLOSE:
        frame = await client.read_frame()
    await sending
    assert frame.close_code() == NORMAL
    client.writer.write_eof()
    await client.read_end()


async def test_7_3_1_an_empty_close(client: RawWebSocket) -> None:
    await client.send_frame(CLOSE)
    assert (await client.read_close()).close_code() in (None, NORMAL)
    client.writer.write_eof()
    await client.read_end()


async def test_7_3_2_a_close_of_one_byte(client: RawWebSocket) -> None:
    await client.send_frame(CLOSE, b"a")
    await failed(client, PROTOCOL_ERROR)


@pytest.mark.parametrize("reason", [b"", b"Hello World!", b"*" * 123], ids=["7.3.3", "7.3.4", "7.3.5"])
async def test_7_3_reasons(client: RawWebSocket, reason: bytes) -> None:
    await client.send(raw.encode_close(NORMAL, reason))
    await failed(client, NORMAL)


async def test_7_3_6_a_reason_of_124_bytes(client: RawWebSocket) -> None:
    await client.send(raw.encode_close(NORMAL, b"*" * 124))
    await failed(client, PROTOCOL_ERROR)


@pytest.mark.parametrize("reason", [b"\xce\xba\xed\xa0\x80", b"\xff", b"ok \xc3"])
async def test_7_5_1_a_reason_that_is_not_utf_8(client: RawWebSocket, reason: bytes) -> None:
    """The RFC demands the failure, not a code: a close frame that is wrong may be called either."""
    await client.send(raw.encode_close(NORMAL, reason))
    assert (await client.read_close()).close_code() in (BAD_TEXT, PROTOCOL_ERROR)
    client.writer.write_eof()
    await client.read_end()


VALID_CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
INVALID_CODES = [0, 1, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999]


@pytest.mark.parametrize("code", VALID_CODES)
async def test_7_7_valid_codes(client: RawWebSocket, code: int) -> None:
    await client.send(raw.encode_close(code))
    await failed(client, code)


@pytest.mark.parametrize("code", INVALID_CODES)
async def test_7_9_invalid_codes(client: RawWebSocket, code: int) -> None:
    await client.send(raw.encode(CLOSE, struct.pack(">H", code)))
    await failed(client, PROTOCOL_ERROR)


@pytest.mark.parametrize("code", [5000, 65535], ids=["7.13.1", "7.13.2"])
async def test_7_13_codes_that_nobody_defined(client: RawWebSocket, code: int) -> None:
    """The suite only reports what happens: the close must be orderly."""
    await client.send(raw.encode(CLOSE, struct.pack(">H", code)))
    assert (await client.read_close()).close_code() in (code, PROTOCOL_ERROR)
    client.writer.write_eof()
    await client.read_end()
