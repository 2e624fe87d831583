"""A browser as the other end of a task's bridge."""

from playwright.async_api import Browser

from tests.support.platform import running_platform

ECHO = """
from ompy.appmanager.communication import wait_for_socket_from_web

with wait_for_socket_from_web() as soc:
    for message in soc:
        if isinstance(message, str):
            soc.sync_send_text_message(message)
        else:
            soc.sync_send_binary_message(message)
"""

# Sends each message when the last one is back; gives what came back, and how the connection ended.
TALK = """
async (url) => {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  await new Promise((open, fail) => { socket.onopen = open; socket.onerror = () => fail(new Error('refused')); });
  const big = new Uint8Array(1 << 20).map((_, i) => i % 251);
  const same = (a, b) => typeof a === 'string' ? a === b
    : b instanceof ArrayBuffer && a.length === b.byteLength && a.every((byte, i) => byte === new Uint8Array(b)[i]);
  const results = [];
  for (const message of ['', 'привет', new Uint8Array(0), new Uint8Array([7]), big, 'x'.repeat(300000)]) {
    const back = new Promise((resolve) => { socket.onmessage = (event) => resolve(event.data); });
    socket.send(message);
    results.push(same(message, await back));
  }
  const closed = new Promise((resolve) => { socket.onclose = (event) => resolve([event.code, event.wasClean]); });
  socket.close(4000, 'enough');
  return { results, closed: await closed };
}
"""

REFUSED = """
(url) => new Promise((resolve) => {
  const socket = new WebSocket(url);
  socket.onopen = () => resolve('open');
  socket.onclose = (event) => resolve(event.code);
})
"""


async def test_text_and_binary_to_a_task_and_back(browser: Browser) -> None:
    with running_platform(options=["--allow-origin", "*"]) as platform:
        async with platform.api() as api:
            app = await api.create_application("Bridge", {"main.py": ECHO})
            pid = await api.start(app)
        page = await browser.new_page()
        try:
            talk = await page.evaluate(TALK, f"ws://127.0.0.1:{platform.resource_port}/{pid}")
        finally:
            await page.close()
        assert talk == {"results": [True] * 6, "closed": [4000, True]}


async def test_a_page_of_a_stranger_is_refused(browser: Browser) -> None:
    with running_platform() as platform:
        async with platform.api() as api:
            app = await api.create_application("Bridge", {"main.py": ECHO})
            pid = await api.start(app)
        page = await browser.new_page()
        try:
            assert await page.evaluate(REFUSED, f"ws://127.0.0.1:{platform.resource_port}/{pid}") == 1006
        finally:
            await page.close()
