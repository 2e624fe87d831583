"""The isolation of an application's tasks as people set it: by the API, by the command line, over a restart."""

import json
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.api import Api, ApiError, App
from tests.support.daemons import Cluster, running_cluster


@pytest.fixture
def alone() -> Iterator[Cluster]:
    """A manager without a hypervisor: nothing of this needs one."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
async def api(alone: Cluster) -> AsyncIterator[Api]:
    async with alone.api() as client:
        yield client


@pytest.fixture
async def app(api: Api) -> App:
    return await api.create_application("Isolation", {})


async def isolation_of(api: Api, app: App) -> str:
    """As the application says, and the list too."""
    one = await api.call("GET", f"/applications/{app.id}")
    assert one in await api.call("GET", "/applications")
    return str(one["isolation"])


async def test_by_the_api(api: Api, app: App) -> None:
    assert await isolation_of(api, app) == "default"
    for isolation in ("isolated", "shared", "default"):
        changed = await api.call("PATCH", f"/applications/{app.id}", {"isolation": isolation})
        assert changed["isolation"] == isolation
        assert changed["name"] == app.name
        assert await isolation_of(api, app) == isolation


async def test_with_a_new_name_at_once_or_not_at_all(api: Api, app: App) -> None:
    other = await api.create_application("Taken", {})
    with pytest.raises(ApiError) as caught:
        await api.call("PATCH", f"/applications/{app.id}", {"name": other.name, "isolation": "isolated"})
    assert caught.value.status == 409
    assert await isolation_of(api, app) == "default"
    changed = await api.call("PATCH", f"/applications/{app.id}", {"name": "Both", "isolation": "isolated"})
    assert (changed["name"], changed["isolation"]) == ("Both", "isolated")
    renamed = await api.call("PATCH", f"/applications/{app.id}", {"name": "Renamed"})
    assert (renamed["name"], renamed["isolation"]) == ("Renamed", "isolated")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"isolation": "strict"}, ["isolation", "strict"]),
        ({"isolation": "Isolated"}, ["isolation", "Isolated"]),
        ({"isolation": ""}, ["isolation", '""']),
        ({"isolation": 5}, ["isolation", "5"]),
        ({"isolation": ["shared"]}, ["isolation", "list"]),
        ({"name": "Renamed", "isolation": "strict"}, ["isolation", "strict"]),
        ({"isolation": None}, ["name", "isolation"]),
        ({}, ["name", "isolation"]),
    ],
)
async def test_bad_values_are_refused(api: Api, app: App, body: dict[str, object], words: list[str]) -> None:
    before = await api.call("GET", f"/applications/{app.id}")
    with pytest.raises(ApiError) as caught:
        await api.call("PATCH", f"/applications/{app.id}", body)
    assert caught.value.status == 400
    for word in words:
        assert word in caught.value.message
    assert await api.call("GET", f"/applications/{app.id}") == before


async def test_by_the_command_line(alone: Cluster, api: Api, app: App) -> None:
    changed = await alone.am("app", "set", app.name, "--isolation", "isolated")
    assert changed.code == 0, changed.err
    assert "isolated" in changed.out
    assert await isolation_of(api, app) == "isolated"
    assert "isolated" in (await alone.am("app", "show", app.name)).out
    assert "isolated" in (await alone.am("app", "list")).out
    again = await alone.am("app", "set", app.id, "--isolation", "shared", "--json")
    shown = await alone.am("app", "show", app.id, "--json")
    assert json.loads(again.out) == json.loads(shown.out) == await api.call("GET", f"/applications/{app.id}")
    (listed,) = json.loads((await alone.am("app", "list", "--json")).out)
    assert listed["isolation"] == "shared"


async def test_the_command_line_refuses_what_is_none(alone: Cluster, api: Api, app: App) -> None:
    refused = await alone.am("app", "set", app.name, "--isolation", "strict")
    assert refused.code == 1
    assert "isolation" in refused.err
    assert "strict" in refused.err
    assert (await alone.am("app", "set", app.name)).code == 2
    assert (await alone.am("app", "set", "Nobody", "--isolation", "shared")).code == 1
    assert await isolation_of(api, app) == "default"


async def test_it_survives_a_restart_of_the_manager(alone: Cluster, api: Api, app: App) -> None:
    await api.call("PATCH", f"/applications/{app.id}", {"isolation": "isolated"})
    alone.manager.terminate()
    alone.start_manager()
    async with alone.api() as after:
        assert await isolation_of(after, app) == "isolated"


async def test_browsers_are_told(api: Api, app: App) -> None:
    async with api.session.ws_connect(api.address("/events")) as events:
        await api.call("PATCH", f"/applications/{app.id}", {"isolation": "isolated"})
        while (await events.receive_json(timeout=10))["type"] != "applications":
            pass
