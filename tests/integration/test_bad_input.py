"""Bad input gets a clear error that names the field and the value, and starts nothing."""

import json
import socket
import uuid
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.api import Api, ApiError, App
from tests.support.platform import Platform


@pytest.fixture(autouse=True)
async def nothing_started(api: Api) -> AsyncIterator[None]:
    before = [task["pid"] for task in await api.tasks(limit=1)]
    yield
    assert [task["pid"] for task in await api.tasks(limit=1)] == before, "a refused request started a task"


async def refused(api: Api, status: int, *words: str, body: Any) -> ApiError:
    with pytest.raises(ApiError) as caught:
        await api.call("POST", "/tasks", body)
    error = caught.value
    assert error.status == status, error
    for word in words:
        assert word in error.message, f"{word!r} is not in: {error.message}"
    return error


async def refused_start(api: Api, kit: App, params: Any, *words: str) -> None:
    await refused(api, 400, *words, body={"applicationId": kit.id, "script": "hello.py", "params": params})


@pytest.mark.parametrize("value", [0, "5", "NaN", "", None, True, [1], {"sec": 1}, 0.0, "inf"])
async def test_timeout(api: Api, kit: App, value: Any) -> None:
    shown = "list" if isinstance(value, list) else "object" if isinstance(value, dict) else json.dumps(value)
    await refused_start(api, kit, {"timeout": value}, "timeout", shown.removesuffix(".0"))


@pytest.mark.parametrize("value", [0, -1, "400", 0.5, None, False, []])
async def test_memory_limit(api: Api, kit: App, value: Any) -> None:
    await refused_start(api, kit, {"memoryLimit": value}, "memoryLimit")


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("name", ["timeout", "memoryLimit"])
async def test_numbers_that_json_does_not_have(api: Api, kit: App, name: str, literal: str) -> None:
    body = f'{{"applicationId":"{kit.id}","script":"hello.py","params":{{"{name}":{literal}}}}}'
    headers = {"Content-Type": "application/json"}
    async with api.session.post(api.address("/tasks"), data=body, headers=headers) as response:
        answer = await response.json()
        assert response.status == 400
        message = answer["error"]["message"]
        assert name in message or "JSON" in message


@pytest.mark.parametrize("params", [[], [1], "text", 5, True])
async def test_params_that_are_no_object(api: Api, kit: App, params: Any) -> None:
    await refused_start(api, kit, params, "params", "object")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"nothing", b"\xff\xfe", b'{"scriptId":1}', b"{}", b"[" * 100_000]
)
async def test_bodies_that_are_no_request(api: Api, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with api.session.post(api.address("/tasks"), data=content, headers=headers) as response:
        answer = await response.json()
        assert response.status == 400
        assert answer["error"]["code"]
        assert answer["error"]["message"]


async def test_no_such_application(api: Api) -> None:
    missing = str(uuid.uuid4())
    await refused(api, 404, missing, body={"applicationId": missing, "script": "hello.py"})


async def test_no_such_script_id(api: Api) -> None:
    missing = str(uuid.uuid4())
    await refused(api, 404, missing, body={"scriptId": missing})


async def test_no_such_script(api: Api, kit: App) -> None:
    await refused(api, 404, "nowhere.py", body={"applicationId": kit.id, "script": "nowhere.py"})


async def test_not_executable(api: Api) -> None:
    app = await api.create_application("NotExecutable", {"main.py": "print(1)\n"}, ())
    error = await refused_any(api, {"applicationId": app.id, "script": "main.py"})
    assert error.status in (400, 403, 404, 409, 412, 422)
    assert "main.py" in error.message
    assert "executable" in error.message


async def test_no_longer_executable(api: Api) -> None:
    app = await api.create_application("NoLonger", {"main.py": "print(1)\n"})
    await api.call("DELETE", f"/applications/{app.id}/scripts/main.py")
    error = await refused_any(api, {"applicationId": app.id, "script": "main.py"})
    assert "executable" in error.message
    with pytest.raises(ApiError) as caught:
        await api.call("POST", "/tasks", {"scriptId": app.scripts["main.py"]})
    assert caught.value.status == 404


async def refused_any(api: Api, body: Any) -> ApiError:
    with pytest.raises(ApiError) as caught:
        await api.call("POST", "/tasks", body)
    assert 400 <= caught.value.status < 500
    return caught.value


@pytest.mark.parametrize("name", ["notes.txt", "script", "main.pyc", "main.py.bak", "main.PY4"])
async def test_wrong_suffix_cannot_be_made_executable(api: Api, name: str) -> None:
    app = await api.create_application("Suffix", {name: "print(1)\n"}, ())
    with pytest.raises(ApiError) as caught:
        await api.enable_script(app.id, name)
    assert caught.value.status == 400
    assert name in caught.value.message
    assert ".py" in caught.value.message
    await refused_any(api, {"applicationId": app.id, "script": name})


@pytest.mark.parametrize(
    "path",
    ["../outside.py", "a/../../outside.py", "/etc/passwd", "a/./../../x.py", "..", ".", "a//b.py", "a\\..\\b.py"],
)
async def test_paths_that_leave_the_application(api: Api, kit: App, path: str) -> None:
    error = await refused_any(api, {"applicationId": kit.id, "script": path})
    assert error.message


@pytest.mark.parametrize(
    "tail",
    [
        "../x.py",
        "%2e%2e/x.py",
        "..%2fx.py",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "a/%2e%2e/%2e%2e/x.py",
        "%00.py",
        "a%00b.py",
        "%2fetc%2fpasswd",
        "..%5cx.py",
        "%zz.py",
        "%",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_encoded_paths_that_leave_the_application(platform: Platform, kit: App, method: str, tail: str) -> None:
    """By a plain socket, as clients would tidy the address up."""
    status, body = plain_request(platform, method, f"/api/v1/applications/{kit.id}/files/{tail}", b"x")
    assert status in (400, 404), body
    assert b"error" in body
    outside = platform.data / "sources" / "x.py"
    assert not outside.exists()


async def test_a_symlink_out_of_the_application(platform: Platform, api: Api) -> None:
    app = await api.create_application("Linked", {"main.py": "print(1)\n"})
    folder = platform.data / "sources" / app.path.rstrip("/").rsplit("/", 1)[-1]
    (folder / "way_out").symlink_to("/etc")
    (folder / "passwd.py").symlink_to("/etc/passwd")
    for path in ("way_out/passwd", "passwd.py"):
        with pytest.raises(ApiError) as caught:
            await api.get_file(app.id, path)
        assert 400 <= caught.value.status < 500
    with pytest.raises(ApiError):
        await api.put_file(app.id, "way_out/am-test-file", "x")
    with pytest.raises(ApiError):
        await api.enable_script(app.id, "passwd.py")


async def test_body_too_large(platform: Platform, api: Api) -> None:
    headers = {"Content-Length": str(4 * 1024**3)}
    status, body = plain_request(platform, "POST", "/api/v1/tasks", b"{", headers)
    assert status == 413
    assert b"error" in body


async def test_body_too_large_in_chunks(platform: Platform) -> None:
    """A chunked body without an end is refused while it comes."""
    with connection(platform) as client:
        client.sendall(head(platform, "POST", "/api/v1/tasks", {"Transfer-Encoding": "chunked"}))
        chunk = b"10000\r\n" + b"[" * 65536 + b"\r\n"
        try:
            for _ in range(4096):
                client.sendall(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass
        else:
            pytest.fail("256 MB of a body were taken")


async def test_header_too_large(platform: Platform) -> None:
    status, _ = plain_request(platform, "GET", "/api/v1/tasks", b"", {"X-Large": "x" * 1_000_000})
    assert status == 431


@pytest.mark.parametrize("pid", [str(uuid.uuid4()), "x", "..", "%2e%2e", "0"])
@pytest.mark.parametrize("tail", ["", "/output", "/output/raw", "/stop"])
def test_unknown_pid(platform: Platform, pid: str, tail: str) -> None:
    method = "POST" if tail == "/stop" else "GET"
    status, body = plain_request(platform, method, f"/api/v1/tasks/{pid}{tail}")
    assert status in ((404,) if "." not in pid and "%" not in pid else (400, 404)), body
    if len(pid) > 30:
        assert pid in json.loads(body)["error"]["message"]


async def test_unknown_route_and_method(platform: Platform) -> None:
    assert plain_request(platform, "GET", "/api/v1/nothing")[0] == 404
    status, body = plain_request(platform, "PATCH", "/api/v1/tasks")
    assert status == 405
    assert b"error" in body


@pytest.mark.parametrize("query", ["state=open", "limit=0", "limit=x", "limit=-1", "before=x", "applicationId=x"])
async def test_wrong_history_filters(platform: Platform, query: str) -> None:
    status, body = plain_request(platform, "GET", f"/api/v1/tasks?{query}")
    name = query.partition("=")[0]
    if name == "applicationId":
        assert status in (200, 400, 404)
    else:
        assert status == 400, body
        assert name in json.loads(body)["error"]["message"]


@pytest.mark.parametrize("body", ["[]", "5", '"x"', "null", "{"])
async def test_wrong_general_parameters(platform: Platform, body: str) -> None:
    status, answer = plain_request(platform, "PUT", "/api/v1/general-parameters", body.encode())
    assert status == 400, answer
    assert json.loads(answer)["error"]["message"]


@pytest.mark.parametrize("name", ["", " ", "..", "a/b", "x" * 300, 5, None, "a\u0000b", "a\nb"])
async def test_wrong_application_names(api: Api, name: Any) -> None:
    with pytest.raises(ApiError) as caught:
        await api.call("POST", "/applications", {"name": name})
    assert caught.value.status == 400
    assert "name" in caught.value.message


# --- plain HTTP -------------------------------------------------------------------------------------------------


def connection(platform: Platform) -> socket.socket:
    address = urlsplit(platform.url)
    client = socket.create_connection((address.hostname, address.port), timeout=20)
    return client


def head(platform: Platform, method: str, target: str, headers: dict[str, str]) -> bytes:
    fields = {
        "Host": urlsplit(platform.url).netloc,
        "Authorization": f"Bearer {platform.token}",
        "Content-Type": "application/json",
        "Connection": "close",
        **headers,
    }
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def plain_request(
    platform: Platform, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """Status and body of one request that is sent exactly as it is written here."""
    fields = {"Content-Length": str(len(body)), **(headers or {})}
    with connection(platform) as client:
        try:
            client.sendall(head(platform, method, target, fields) + body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before everything was sent; the answer is there
        answer = b""
        try:
            while chunk := client.recv(65536):
                answer += chunk
        except ConnectionResetError:
            pass
    assert answer, "closed without an answer"
    status_line, _, rest = answer.partition(b"\r\n")
    content = rest.partition(b"\r\n\r\n")[2]
    if b"transfer-encoding: chunked" in rest.lower():
        content = b"".join(content.split(b"\r\n")[1::2])
    return int(status_line.split()[1]), content
