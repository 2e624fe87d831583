"""The OpenAPI document is valid, complete, and true of the running server."""

import asyncio
import io
import json
import re
import tarfile
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import validate

from tests.support.api import Api, App
from tests.support.openapi import Operation, operations, resolved
from tests.support.platform import Platform

PREFIX = "/api/v1"
PROMISED = {
    "POST /applications", "GET /applications", "GET /applications/{}", "DELETE /applications/{}",
    "GET /applications/{}/files", "GET /applications/{}/files/{}", "PUT /applications/{}/files/{}",
    "DELETE /applications/{}/files/{}", "PUT /applications/{}/scripts/{}", "DELETE /applications/{}/scripts/{}",
    "GET /general-parameters", "PUT /general-parameters", "POST /tasks", "GET /tasks", "GET /tasks/{}",
    "GET /tasks/{}/output", "GET /tasks/{}/output/raw", "POST /tasks/{}/stop", "GET /healthz", "GET /metrics",
    "GET /openapi.json",
}  # fmt: skip


@pytest.fixture(scope="module")
def document(platform: Platform) -> dict[str, Any]:
    async def fetch() -> dict[str, Any]:
        async with platform.api() as api, api.session.get(api.address("/openapi.json")) as response:
            assert response.status == 200
            found: dict[str, Any] = await response.json()
            return found

    return asyncio.run(fetch())


def short(operation: Operation) -> str:
    return f"{operation.method} {re.sub('{[^}]*}', '{}', operation.path.removeprefix(PREFIX))}"


def test_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.")


def test_every_promised_route_is_documented(document: dict[str, Any]) -> None:
    assert {short(operation) for operation in operations(document)} >= PROMISED


def test_every_operation_says_what_it_is(document: dict[str, Any]) -> None:
    for operation in operations(document):
        assert operation.description.get("summary") or operation.description.get("description"), operation.name
        named = set(re.findall(r"\{(\w+)\}", operation.path))
        declared = {
            one["name"]
            for one in resolved(document, operation.description.get("parameters", []))
            + resolved(document, document["paths"][operation.path].get("parameters", []))
            if one["in"] == "path"
        }
        assert named == declared, operation.name


def example_values(app: App, pid: str, script: str) -> dict[str, str]:
    return {
        "id": app.id, "applicationId": app.id, "application": app.id, "path": script, "pid": pid, "name": "default",
    }  # fmt: skip


def example_request(operation: Operation, app: App) -> dict[str, Any]:
    """Options of a request that should succeed for an application that holds main.py."""
    bodies: dict[str, Any] = {
        "POST /applications": {"name": "FromTheDocument"},
        "PATCH /applications/{}": {"name": "Renamed", "isolation": "isolated"},
        "POST /applications/{}/files/{}": {"operation": "copy", "to": "copied.py"},
        "POST /tasks": {"applicationId": app.id, "script": "main.py"},
        "PUT /general-parameters": {},
    }
    name = short(operation)
    if name == "POST /imports":
        return {"params": {"name": "FromAnArchive"}, "data": small_archive()}
    if name == "PUT /applications/{}/files/{}":
        return {"data": b"print(2)\n"}
    return {"json": bodies[name]} if name in bodies else {}


def small_archive() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        entry = tarfile.TarInfo("main.py")
        entry.mode = 0o755
        entry.size = len(b"print(3)\n")
        archive.addfile(entry, io.BytesIO(b"print(3)\n"))
    return content.getvalue()


async def test_every_documented_route_answers_as_documented(api: Api, document: dict[str, Any]) -> None:
    """One good request each; the status and the JSON must be what the document says."""
    for operation in operations(document):
        if operation.is_web_socket():
            continue
        # DELETE comes last on things of their own.
        app = await api.create_application("Documented", {"main.py": "print(1)\n"})
        pid = await api.start(app)
        await api.closed(pid)
        values = example_values(app, pid, "main.py")
        target = operation.target(values, PREFIX)
        options = example_request(operation, app)
        async with api.session.request(operation.method, api.url + target, **options) as response:
            content = await response.read()
        assert str(response.status) in operation.statuses, (operation.name, response.status, content[:300])
        assert response.status not in (404, 405, 500, 501), (operation.name, content[:300])
        check_content(document, operation, str(response.status), content)


async def test_unknown_things_answer_as_documented(api: Api, document: dict[str, Any]) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    nothing = App(missing, "", "")
    for operation in operations(document):
        if "{" not in operation.path or operation.is_web_socket():
            continue
        target = operation.target(example_values(nothing, missing, "missing.py"), PREFIX)
        options = example_request(operation, nothing)
        async with api.session.request(operation.method, api.url + target, **options) as response:
            content = await response.read()
        assert response.status == 404, (operation.name, response.status, content[:300])
        assert "404" in operation.statuses, operation.name
        assert json.loads(content)["error"]["code"] == "not_found", operation.name


def check_content(document: dict[str, Any], operation: Operation, status: str, content: bytes) -> None:
    schema = operation.schema(status)
    if schema is None:
        return
    jsonschema.validate(json.loads(content), resolved(document, schema))


async def test_methods_that_are_not_documented_are_405(api: Api, document: dict[str, Any]) -> None:
    by_path: dict[str, set[str]] = {}
    for operation in operations(document):
        by_path.setdefault(operation.path, set()).add(operation.method)
    for operation in operations(document):
        for method in {"GET", "PUT", "POST", "DELETE", "PATCH"} - by_path[operation.path]:
            values = example_values(App("x", "", ""), "x", "x.py")
            async with api.session.request(method, api.url + operation.target(values, PREFIX)) as response:
                assert response.status == 405, (method, operation.path, response.status)


async def test_no_token_and_wrong_tokens_on_every_route(platform: Platform, document: dict[str, Any]) -> None:
    values = example_values(App("x", "", ""), "x", "x.py")
    open_routes = set()
    wrong = ["", "wrong", platform.token[:-1], platform.token + "x", platform.token.swapcase(), "x" * 5000]
    for operation in operations(document):
        address = platform.url + operation.target(values, PREFIX)
        if not operation.needs_token(document):
            open_routes.add(short(operation))
            continue
        for token in [None, *wrong]:
            async with (
                platform.stranger(token) as stranger,
                stranger.session.request(operation.method, address) as response,
            ):
                content = await response.read()
                assert response.status == 401, (operation.name, token, content[:300])
                assert json.loads(content)["error"]["code"] == "unauthenticated"
                assert platform.token not in content.decode()
        assert "401" in operation.statuses, operation.name
    assert "GET /healthz" in open_routes
    assert open_routes <= {"GET /healthz", "GET /openapi.json", "POST /session", "GET /session", "DELETE /session"}


@pytest.mark.parametrize("header", ["Basic dGVzdDp0ZXN0", "Bearer", "bearer", "Token {}", "{}"])
async def test_other_forms_of_authorization(platform: Platform, header: str) -> None:
    async with platform.stranger(None) as api:
        headers = {"Authorization": header.format(platform.token)}
        async with api.session.get(api.address("/tasks"), headers=headers) as response:
            assert response.status == 401


async def test_health_needs_no_token(platform: Platform) -> None:
    async with platform.stranger(None) as api, api.session.get(f"{api.url}/healthz") as response:
        assert response.status == 200


async def test_metrics_are_prometheus_text(platform: Platform, api: Api, kit: App) -> None:
    await api.run(kit, "hello.py")
    async with api.session.get(f"{api.url}/metrics") as response:
        if response.status == 404:
            response = await api.session.get(api.address("/metrics"))
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/plain")
        text = await response.text()
    line = re.compile(r'^[a-zA-Z_:][\w:]*(\{([a-zA-Z_]\w*="[^"]*",?)*\})? [-+0-9.eEinfNa]+( \d+)?$')
    samples = [one for one in text.splitlines() if one and not one.startswith("#")]
    assert len(samples) >= 5
    assert [one for one in samples if not line.match(one)] == []
    assert platform.token not in text
