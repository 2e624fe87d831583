"""What a task uses while it runs, and what is told of it afterwards."""

from tests.support.api import Api, App


async def test_of_a_running_task_and_of_a_closed_one(api: Api) -> None:
    app: App = await api.create_application(
        "Usage", {"main.py": "import signal\nprint('up', flush=True)\nsignal.pause()\n"}
    )
    pid = await api.start(app)
    async with api.follow(pid) as reader:
        await reader.first()
    running = await api.call("GET", f"/tasks/{pid}/usage")
    assert running["processes"] == 1
    assert 1 < running["memoryMb"] < 100
    await api.stop(pid)
    task = await api.closed(pid)
    closed = await api.call("GET", f"/tasks/{pid}/usage")
    assert closed["processes"] == 0
    assert closed["memoryMb"] == 0
    assert closed["memoryPeakMb"] == task["usage"]["memoryPeakMb"]
    assert closed["cpuSec"] == task["usage"]["cpuSec"]
