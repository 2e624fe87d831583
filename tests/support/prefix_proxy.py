"""A small reverse proxy that shows a manager under a path prefix, as nginx does with `location /tools/am/`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

# Of one connection only, never passed on; the body is passed on decoded from its chunks.
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer", "content-length"}
_PIECE = 64 * 1024
_Socket = aiohttp.ClientWebSocketResponse | web.WebSocketResponse


class PrefixProxy:
    """Strips the prefix, says it in X-Forwarded-Prefix, and passes everything else on as it is."""

    def __init__(self, target: str, prefix: str) -> None:
        self.target = target
        self.prefix = prefix
        self.url = ""
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        assert self._session is not None, "the proxy is not running"
        return self._session

    def _headers(self, request: web.Request) -> dict[str, str]:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP_BY_HOP}
        headers["X-Forwarded-Prefix"] = self.prefix
        headers["X-Forwarded-Proto"] = "http"
        return headers

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if not request.raw_path.startswith(self.prefix + "/"):
            return web.Response(status=404, text=f"only {self.prefix}/ is here")
        target = self.target + request.raw_path.removeprefix(self.prefix)
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._pass_on_web_socket(request, target)
        body = await request.read()
        async with self.session.request(
            request.method, target, headers=self._headers(request), data=body or None, allow_redirects=False
        ) as answer:
            headers = [(name, value) for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP]
            response = web.StreamResponse(status=answer.status)
            for name, value in headers:
                response.headers.add(name, value)
            await response.prepare(request)
            async for piece in answer.content.iter_chunked(_PIECE):
                await response.write(piece)
            await response.write_eof()
            return response

    async def _pass_on_web_socket(self, request: web.Request, target: str) -> web.WebSocketResponse:
        headers = {
            name: value
            for name, value in self._headers(request).items()
            if not name.lower().startswith("sec-websocket")
        }
        async with self.session.ws_connect(target, headers=headers, max_msg_size=0) as upstream:
            browser = web.WebSocketResponse(max_msg_size=0)
            await browser.prepare(request)
            directions = [asyncio.create_task(_pump(upstream, browser)), asyncio.create_task(_pump(browser, upstream))]
            _, rest = await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
            for one in rest:
                one.cancel()
            await asyncio.gather(*directions, return_exceptions=True)
            await browser.close()
            return browser


async def _pump(source: _Socket, sink: _Socket) -> None:
    async for message in source:
        if message.type == aiohttp.WSMsgType.TEXT:
            await sink.send_str(message.data)
        elif message.type == aiohttp.WSMsgType.BINARY:
            await sink.send_bytes(message.data)


@asynccontextmanager
async def running_prefix_proxy(target: str, prefix: str) -> AsyncIterator[PrefixProxy]:
    """`target` is the manager's address, `prefix` a path such as "/tools/am"; `url` of the result has both."""
    proxy = PrefixProxy(target, prefix)
    application = web.Application(client_max_size=128 * 1024 * 1024)
    application.router.add_route("*", "/{path:.*}", proxy.handle)
    runner = web.AppRunner(application, auto_decompress=False)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            proxy._session = session
            port = runner.addresses[0][1]
            proxy.url = f"http://127.0.0.1:{port}{prefix}"
            yield proxy
    finally:
        await runner.cleanup()
