"""The manager as the web server of the IDE: forms, caches, headers, no way out of the folder, path prefixes."""

import asyncio
import gzip
import json
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import aiohttp
import pytest

from tests.support.daemons import start_and_wait
from tests.support.platform import AM_BIN, Platform, clean_environment
from tests.support.prefix_proxy import running_prefix_proxy

INDEX = b"<!doctype html><title>IDE</title>"
SCRIPT = b"console.log('IDE');\n" * 40_000  # more than one piece of the server's


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[str, str, Path]]:
    """(address, token, folder of the files) of a manager that serves a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="am-web-"))
    web = folder / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_bytes(INDEX)
    (web / "favicon.svg").write_bytes(b"<svg/>")
    (web / "assets" / "app-1a2b.js").write_bytes(SCRIPT)
    (web / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT, mtime=0))
    (web / "assets" / "app-1a2b.js.br").write_bytes(b"not really brotli, but nobody decodes it here")
    (folder / "secret.txt").write_text("secret")
    ready = folder / "ready"
    daemon = start_and_wait(
        ["manager", "--data", str(folder / "data"), "--listen", "127.0.0.1:0", "--ipc-listen", "127.0.0.1:0",
         "--web-dir", str(web)],
        ready, folder / "manager.log",
    )  # fmt: skip
    facts = json.loads(ready.read_text())
    yield facts["url"], facts["token"], web
    assert daemon.terminate() == 0
    shutil.rmtree(folder)


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    """Without a token and without the client's own wishes for encodings."""
    async with aiohttp.ClientSession(
        auto_decompress=False, skip_auto_headers=["Accept-Encoding"], cookie_jar=aiohttp.CookieJar(unsafe=True)
    ) as session:
        yield session


async def test_the_page_is_public_and_always_asked_for(
    site: tuple[str, str, Path], browser: aiohttp.ClientSession
) -> None:
    async with browser.get(site[0] + "/") as response:
        assert response.status == 200
        assert await response.read() == INDEX
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-cache"
        tag = response.headers["ETag"]
        policy = response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == "'self'"
    assert rules["script-src"] == "'self'"
    assert rules["object-src"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    async with browser.get(site[0] + "/", headers={"If-None-Match": tag}) as response:
        assert response.status == 304
        assert await response.read() == b""
        assert response.headers["ETag"] == tag
    async with browser.get(site[0] + "/", headers={"If-None-Match": '"other"'}) as response:
        assert response.status == 200


async def test_without_a_session_only_the_page_is_given(
    site: tuple[str, str, Path], browser: aiohttp.ClientSession
) -> None:
    async with browser.get(site[0] + "/api/v1/me") as response:
        assert response.status == 401


@pytest.mark.parametrize(
    ("accepted", "encoding", "suffix"),
    [("gzip, deflate, br", "br", ".br"), ("gzip", "gzip", ".gz"), ("br;q=0, gzip", "gzip", ".gz"), ("", None, "")],
)
async def test_assets_are_compressed_and_kept_for_ever(
    site: tuple[str, str, Path], browser: aiohttp.ClientSession, accepted: str, encoding: str | None, suffix: str
) -> None:
    content = (site[2] / f"assets/app-1a2b.js{suffix}").read_bytes()
    address = site[0] + "/assets/app-1a2b.js"
    for method in ("GET", "HEAD"):
        async with browser.request(method, address, headers={"Accept-Encoding": accepted}) as response:
            assert response.status == 200
            assert await response.read() == (content if method == "GET" else b"")
            assert response.headers.get("Content-Encoding") == encoding
            assert response.headers["Content-Length"] == str(len(content))
            assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
            assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/assets/../../secret.txt", "/assets/%2e%2e/%2e%2e/secret.txt", "/%2e%2e%2fsecret.txt",
        "/assets//etc/passwd", "/assets/", "/assets", "/missing.js", "/assets/missing.js", "/assets/..%5csecret.txt",
    ],
)  # fmt: skip
async def test_there_is_no_way_out(site: tuple[str, str, Path], path: str) -> None:
    """As raw requests: clients tidy paths up before they send them."""
    address = urlsplit(site[0])
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    assert head.split()[1] in (b"404", b"400"), head
    assert b"secret" not in body.replace(path.encode(), b"").replace(b"secret.txt", b"")


async def test_other_methods_are_refused(site: tuple[str, str, Path], browser: aiohttp.ClientSession) -> None:
    async with browser.post(site[0] + "/") as response:
        assert response.status == 405


@pytest.mark.parametrize("prefix", ["", "/tools/am"])
async def test_signing_in_works_behind_a_path_prefix(
    site: tuple[str, str, Path], browser: aiohttp.ClientSession, prefix: str
) -> None:
    async with running_prefix_proxy(site[0], prefix) as proxy:
        async with browser.post(
            proxy.url + "/api/v1/sign-in-links", headers={"Authorization": f"Bearer {site[1]}"}
        ) as response:
            link = (await response.json())["url"]
        assert link.startswith(proxy.url + "/sign-in?code=")
        async with browser.get(link, allow_redirects=False) as response:
            assert response.status == 303
            assert urljoin(link, response.headers["Location"]) == proxy.url + "/"
            assert f"Path={prefix or '/'};" in response.headers["Set-Cookie"]
        async with browser.get(proxy.url + "/") as response:
            assert await response.read() == INDEX
        async with browser.get(proxy.url + "/api/v1/me") as response:
            assert response.status == 200
        origin = {"Origin": "http://" + urlsplit(proxy.url).netloc}
        async with browser.post(proxy.url + "/api/v1/sign-out", headers=origin) as response:
            assert response.status == 204
        async with browser.get(proxy.url + "/api/v1/me") as response:
            assert response.status == 401


def test_a_folder_without_the_ide_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(AM_BIN), "manager", "--data", str(tmp_path / "data"), "--listen", "127.0.0.1:0", "--ipc-listen",
         "127.0.0.1:0", "--web-dir", str(tmp_path)],
        capture_output=True, text=True, timeout=30, env=clean_environment(), check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "--web-dir" in done.stderr
    assert str(tmp_path) in done.stderr


async def test_the_platform_shows_a_page_with_or_without_the_ide(platform: Platform) -> None:
    async with aiohttp.ClientSession() as session, session.get(platform.url + "/") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "Application Manager" in await response.text()
