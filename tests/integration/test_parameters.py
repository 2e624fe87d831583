"""General parameters of the user, and the run's own over them."""

import json
from collections.abc import AsyncIterator
from random import Random

import pytest

from tests.support.api import Api, ApiError, App
from tests.support.platform import Platform


@pytest.fixture(autouse=True)
async def none_afterwards(api: Api) -> AsyncIterator[None]:
    yield
    await api.call("PUT", "/general-parameters", {})


async def test_are_empty_at_first_and_kept(api: Api) -> None:
    assert await api.call("GET", "/general-parameters") == {}
    value = {"server": "a.example", "nested": {"list": [1, 2.5, None, True, "Я"]}}
    await api.call("PUT", "/general-parameters", value)
    assert await api.call("GET", "/general-parameters") == value


async def test_the_runs_own_win(api: Api, kit: App) -> None:
    await api.call("PUT", "/general-parameters", {"a": 1, "b": {"x": 1, "y": 2}, "c": "general"})
    task, output = await api.run(kit, "echo_params.py", {"b": {"x": 9}, "d": "own"})
    expected = {"a": 1, "b": {"x": 9}, "c": "general", "d": "own"}
    assert json.loads(output.text("stdout")) == expected
    assert task["startParams"] == expected


async def test_limits_among_them_count(api: Api, kit: App) -> None:
    await api.call("PUT", "/general-parameters", {"timeout": 77, "memoryLimit": 123})
    task, _ = await api.run(kit, "hello.py")
    assert task["limits"] == {"timeoutSec": 77, "memoryMb": 123}
    task, _ = await api.run(kit, "hello.py", {"timeout": -1})
    assert task["limits"]["timeoutSec"] < 0
    assert task["limits"]["memoryMb"] == 123


@pytest.mark.parametrize(("name", "value"), [("timeout", 0), ("timeout", "5"), ("memoryLimit", "x")])
async def test_a_wrong_limit_among_them_starts_nothing(api: Api, kit: App, name: str, value: object) -> None:
    """Refused when it is set or when it would count, and the message says where it comes from."""
    before = await api.tasks(limit=1)
    with pytest.raises(ApiError) as caught:
        await api.call("PUT", "/general-parameters", {name: value})
        await api.start(kit, "hello.py")
    assert caught.value.status == 400
    assert name in caught.value.message
    assert await api.tasks(limit=1) == before


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"text": 'quotes " and \\ and \n and \u2028 and 🐍'},
        {"numbers": [0, -1, 1.5, 1e300, 9007199254740993, 123456789012345678]},
        {"deep": [[[[[[[[{"x": None}]]]]]]]]},
        {"": "empty name", "ключ": "значение"},
        {"large": "x" * 500_000},
    ],
    ids=["empty", "text", "numbers", "deep", "names", "large"],
)
async def test_arrive_as_they_were_given(api: Api, kit: App, params: dict[str, object]) -> None:
    _, output = await api.run(kit, "echo_params.py", params)
    assert json.loads(output.text("stdout")) == params


async def test_every_number_is_exact(platform: Platform, api: Api, kit: App) -> None:
    """Not one unit in the last place is lost on the way, by API or command line, nor in what the API shows."""
    random = Random(1)
    numbers: list[float] = [random.uniform(-1, 1) * 10.0 ** random.randint(-300, 300) for _ in range(500)]
    numbers += [0.1, 5e-324, 1.7976931348623157e308, 2**64 - 1, -(2**63), 0.02797, 0.027970000000000002]
    params = {"numbers": numbers}
    task, output = await api.run(kit, "echo_params.py", params)
    assert json.loads(output.text("stdout")) == params
    assert task["startParams"] == params
    result = await platform.am("run", kit.id, "echo_params.py", "--params", json.dumps(params))
    assert json.loads(result.out) == params
    shown = await platform.am("inspect", task["pid"], "--json")
    assert json.loads(shown.out)["startParams"] == params
    await api.call("PUT", "/general-parameters", params)
    assert await api.call("GET", "/general-parameters") == params
