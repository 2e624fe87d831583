"""RFC 6455, case by case: the numbers are those of the Autobahn test suite, which needs Python 2.

The server is the bridge with an echo task behind it. Where a case of the suite lets a server choose, the strict
answer is demanded.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from tests.support import raw_websocket as raw
from tests.support.api import Api, App
from tests.support.bridge import echo_task
from tests.support.platform import Platform
from tests.support.raw_websocket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, RawWebSocket

NORMAL, PROTOCOL_ERROR, BAD_TEXT = 1000, 1002, 1007


@pytest.fixture
async def client(platform: Platform, api: Api, kit: App) -> AsyncIterator[RawWebSocket]:
    """A connection to a task that echoes, closed by the test or at its end."""
    async with echo_task(api, kit, memoryLimit=500) as pid, connection(platform, pid) as connected:
        yield connected


def connection(platform: Platform, pid: str) -> AbstractAsyncContextManager[RawWebSocket]:
    return raw.raw_websocket(platform.resource_port, f"/{pid}")


async def failed(client: RawWebSocket, code: int) -> None:
    """The server fails the connection with this code, and ends TCP."""
    assert (await client.read_close()).close_code() == code
    client.writer.write_eof()
    await client.read_end()


async def alive(client: RawWebSocket) -> None:
    """Nothing else is on its way, and the connection works."""
    await client.send_frame(TEXT, b"still alive")
    assert await client.read_frame() == raw.Frame(TEXT, b"still alive")
    assert (await client.close()).close_code() == NORMAL
    await client.read_end()


# --- 1: framing --------------------------------------------------------------------------------------------------

SIZES = [0, 125, 126, 127, 128, 65535, 65536]


@pytest.mark.parametrize("opcode", [TEXT, BINARY], ids=["1.1", "1.2"])
@pytest.mark.parametrize("size", SIZES)
async def test_1_sizes(client: RawWebSocket, opcode: int, size: int) -> None:
    payload = b"*" * size if opcode == TEXT else bytes(range(256)) * (size // 256) + bytes(size % 256)
    await client.send_frame(opcode, payload)
    assert await client.read_message() == (opcode, payload)
    await alive(client)


@pytest.mark.parametrize("opcode", [TEXT, BINARY], ids=["1.1.8", "1.2.8"])
async def test_1_8_in_chops_of_997_bytes(client: RawWebSocket, opcode: int) -> None:
    payload = b"*" * 65536
    data = raw.encode(opcode, payload)
    for at in range(0, len(data), 997):
        await client.send(data[at : at + 997])
    assert await client.read_message() == (opcode, payload)
    await alive(client)


async def test_1_byte_by_byte(client: RawWebSocket) -> None:
    for byte in raw.encode(TEXT, "по байту".encode()):
        await client.send(bytes([byte]))
    assert await client.read_message() == (TEXT, "по байту".encode())
    await alive(client)


# --- 2: pings and pongs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "payload",
    [b"", b"Hello, world!", bytes([0, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0, 0xFF]), b"\xfe" * 125],
    ids=["2.1", "2.2", "2.3", "2.4"],
)
async def test_2_a_ping_gets_its_pong(client: RawWebSocket, payload: bytes) -> None:
    await client.send_frame(PING, payload)
    assert await client.read_frame() == raw.Frame(PONG, payload)
    await alive(client)


async def test_2_5_a_ping_of_126_bytes(client: RawWebSocket) -> None:
    await client.send_frame(PING, b"\xfe" * 126)
    await failed(client, PROTOCOL_ERROR)


async def test_2_6_a_ping_in_octets(client: RawWebSocket) -> None:
    for byte in raw.encode(PING, b"\xfe" * 125):
        await client.send(bytes([byte]))
    assert await client.read_frame() == raw.Frame(PONG, b"\xfe" * 125)
    await alive(client)


@pytest.mark.parametrize("payload", [b"", b"unasked"], ids=["2.7", "2.8"])
async def test_2_7_unasked_pongs_are_ignored(client: RawWebSocket, payload: bytes) -> None:
    await client.send_frame(PONG, payload)
    await alive(client)


async def test_2_9_an_unasked_pong_and_a_ping(client: RawWebSocket) -> None:
    await client.send_frame(PONG, b"unasked")
    await client.send_frame(PING, b"asked")
    assert await client.read_frame() == raw.Frame(PONG, b"asked")
    await alive(client)


async def test_2_10_ten_pings(client: RawWebSocket) -> None:
    """One after the other; a server may answer only the newest of several at once (RFC 6455, 5.5.3)."""
    for number in range(10):
        await client.send_frame(PING, b"%d" % number)
        assert await client.read_frame() == raw.Frame(PONG, b"%d" % number)
    await alive(client)


async def test_2_11_ten_pings_at_once(client: RawWebSocket) -> None:
    await client.send(b"".join(raw.encode(PING, b"%d" % number) for number in range(10)))
    answers: list[bytes] = []
    while not answers or answers[-1] != b"9":
        frame = await client.read_frame()
        assert frame.opcode == PONG
        answers.append(frame.payload)
    assert answers == sorted(answers)
    await alive(client)


# --- 3: reserved bits --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opcode", "rsv"),
    [(TEXT, 1), (TEXT, 2), (TEXT, 3), (TEXT, 4), (BINARY, 5), (PING, 6), (CLOSE, 7)],
    ids=["3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7"],
)
async def test_3_reserved_bits(client: RawWebSocket, opcode: int, rsv: int) -> None:
    await client.send_frame(TEXT, b"before")
    assert await client.read_frame() == raw.Frame(TEXT, b"before")
    await client.send_frame(opcode, b"" if opcode == CLOSE else b"x" * 24, rsv=rsv)
    await failed(client, PROTOCOL_ERROR)


async def test_an_unmasked_frame(client: RawWebSocket) -> None:
    """RFC 6455, 5.1: a server closes the connection upon a frame that is not masked."""
    await client.send(raw.encode(TEXT, b"bare", masked=False))
    await failed(client, PROTOCOL_ERROR)


# --- 4: reserved opcodes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
@pytest.mark.parametrize("payload", [b"", b"reserved"], ids=["empty", "filled"])
async def test_4_reserved_opcodes(client: RawWebSocket, opcode: int, payload: bytes) -> None:
    await client.send_frame(TEXT, b"before")
    assert await client.read_frame() == raw.Frame(TEXT, b"before")
    await client.send_frame(opcode, payload)
    await client.send_frame(PING, b"after")
    await failed(client, PROTOCOL_ERROR)


# --- 5: fragments ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("opcode", [PING, PONG], ids=["5.1", "5.2"])
async def test_5_1_fragmented_control_frames(client: RawWebSocket, opcode: int) -> None:
    await client.send_frame(opcode, b"frag", fin=False)
    await client.send_frame(CONTINUATION, b"ment")
    await failed(client, PROTOCOL_ERROR)


async def test_5_3_two_fragments(client: RawWebSocket) -> None:
    await client.send_frame(TEXT, b"frag", fin=False)
    await client.send_frame(CONTINUATION, b"ment")
    assert await client.read_message() == (TEXT, b"fragment")
    await alive(client)


async def test_5_5_two_fragments_byte_by_byte(client: RawWebSocket) -> None:
    for byte in raw.encode(TEXT, b"frag", fin=False) + raw.encode(CONTINUATION, b"ment"):
        await client.send(bytes([byte]))
    assert await client.read_message() == (TEXT, b"fragment")
    await alive(client)


async def test_5_6_a_ping_between_fragments(client: RawWebSocket) -> None:
    data = raw.encode(TEXT, b"frag", fin=False) + raw.encode(PING, b"ping") + raw.encode(CONTINUATION, b"ment")
    await client.send(data)
    assert await client.read_frame() == raw.Frame(PONG, b"ping")
    assert await client.read_message() == (TEXT, b"fragment")
    await alive(client)


@pytest.mark.parametrize("fin", [True, False], ids=["5.9", "5.12"])
@pytest.mark.parametrize("before", [False, True], ids=["first", "after a message"])
async def test_5_9_a_continuation_of_nothing(client: RawWebSocket, fin: bool, before: bool) -> None:
    if before:
        await client.send_frame(TEXT, b"whole")
        assert await client.read_message() == (TEXT, b"whole")
    await client.send_frame(CONTINUATION, b"of nothing", fin=fin)
    await failed(client, PROTOCOL_ERROR)


@pytest.mark.parametrize("opcode", [TEXT, BINARY], ids=["5.18", "5.18 binary"])
async def test_5_18_a_new_message_inside_of_one(client: RawWebSocket, opcode: int) -> None:
    await client.send_frame(TEXT, b"frag", fin=False)
    await client.send_frame(opcode, b"new", fin=True)
    await failed(client, PROTOCOL_ERROR)


async def test_5_19_five_fragments_with_pings_and_a_pause(client: RawWebSocket) -> None:
    await client.send_frame(TEXT, b"fragment1", fin=False)
    await client.send_frame(CONTINUATION, b"fragment2", fin=False)
    await client.send_frame(PING, b"first")
    assert await client.read_frame() == raw.Frame(PONG, b"first")
    for payload, fin in ((b"fragment3", False), (b"fragment4", False), (b"fragment5", True)):
        await client.send_frame(CONTINUATION, payload, fin=fin)
        if not fin:
            await client.send_frame(PING, payload)
            assert await client.read_frame() == raw.Frame(PONG, payload)
    assert await client.read_message() == (TEXT, b"fragment1fragment2fragment3fragment4fragment5")
    await alive(client)


async def test_5_20_empty_fragments(client: RawWebSocket) -> None:
    for opcode in (TEXT, CONTINUATION, CONTINUATION):
        await client.send_frame(opcode, b"", fin=False)
    await client.send_frame(CONTINUATION, b"")
    assert await client.read_message() == (TEXT, b"")
    await client.send_frame(BINARY, b"", fin=False)
    await client.send_frame(CONTINUATION, b"middle", fin=False)
    await client.send_frame(CONTINUATION, b"")
    assert await client.read_message() == (BINARY, b"middle")
    await alive(client)


# --- 9: large messages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("opcode", [TEXT, BINARY], ids=["9.1", "9.2"])
@pytest.mark.parametrize("size", [256 << 10, 1 << 20, 16 << 20])
async def test_9_large_messages(client: RawWebSocket, opcode: int, size: int) -> None:
    payload = b"\x2a" * size
    sending = asyncio.ensure_future(client.send_frame(opcode, payload))
    received = await client.read_message()
    await sending
    assert received == (opcode, payload)
    await alive(client)


@pytest.mark.parametrize("fragment", [64, 4096, 1 << 20], ids=["9.3.1", "9.3.4", "9.3.8"])
async def test_9_3_4_mib_in_fragments(client: RawWebSocket, fragment: int) -> None:
    payload = b"*" * (4 << 20)
    frames = []
    for at in range(0, len(payload), fragment):
        opcode = TEXT if at == 0 else CONTINUATION
        frames.append(raw.encode(opcode, payload[at : at + fragment], fin=at + fragment >= len(payload)))
    await client.send(b"".join(frames))
    assert await client.read_message() == (TEXT, payload)
    await alive(client)


async def test_9_7_a_thousand_round_trips(client: RawWebSocket) -> None:
    for number in range(1000):
        payload = b"%06d" % number
        await client.send_frame(TEXT, payload)
        assert await client.read_message() == (TEXT, payload)
    await alive(client)
