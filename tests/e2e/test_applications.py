"""The list of applications: create, rename, delete, import, export, open; and signing in and out."""

import io
import tarfile
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.e2e.conftest import open_ide
from tests.support.browser import browsing, screenshot
from tests.support.ide import Ide
from tests.support.platform import Platform


async def test_an_application_lives_and_dies(person: Ide) -> None:
    await person.create_application("Mortal")
    await person.page.get_by_role("link", name="Applications").click()
    row = person.page.get_by_role("row").filter(has_text="Mortal")
    await row.get_by_role("button", name="Actions for Mortal").click()
    await person.page.get_by_role("menuitem", name="Rename").click()
    await person.dialog().get_by_label("Name").fill("Immortal")
    await person.dialog().get_by_role("button", name="Rename").click()
    await expect(person.page.get_by_role("link", name="Immortal").first).to_be_visible()
    await screenshot(person.page, "applications")
    await person.page.get_by_role("button", name="Actions for Immortal").click()
    await person.page.get_by_role("menuitem", name="Delete").click()
    await expect(person.dialog()).to_contain_text("Delete Immortal?")
    await person.dialog().get_by_role("button", name="Delete").click()
    await expect(person.page.get_by_role("row").filter(has_text="Immortal")).to_have_count(0)


async def test_the_isolation_of_tasks_is_chosen(person: Ide) -> None:
    async with person.platform.api() as api:
        app = await api.create_application("Apart", {})
        for isolation, label in (("isolated", "Isolated"), ("default", "As the hypervisor is set")):
            await person.page.get_by_role("button", name=f"Actions for {app.name}").click()
            await person.page.get_by_role("menuitem", name="Isolation of tasks").click()
            await person.dialog().get_by_role("radio", name=label).check()
            await screenshot(person.page, f"isolation-{isolation}")
            await person.dialog().get_by_role("button", name="Save").click()
            await expect(person.dialog()).to_have_count(0)
            assert (await api.call("GET", f"/applications/{app.id}"))["isolation"] == isolation


async def test_export_and_import(person: Ide, tmp_path: Path) -> None:
    async with person.platform.api() as api:
        app = await api.create_application("Exported", {"run.py": "print(1)\n", "lib.py": ""}, ("run.py",))
    await person.page.reload()
    await person.page.get_by_role("button", name=f"Actions for {app.name}").click()
    async with person.page.expect_download() as started:
        await person.page.get_by_role("menuitem", name="Export as archive").click()
    download = await started.value
    archive = tmp_path / download.suggested_filename
    await download.save_as(archive)
    assert archive.name == f"{app.name}.tar.gz"
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as content:
        assert set(content.getnames()) == {"run.py", "lib.py"}
    await person.button("Import archive").first.click()
    await person.dialog().locator("input[type=file]").set_input_files(archive)
    await person.dialog().get_by_label("Name").fill("Imported")
    await person.dialog().get_by_role("button", name="Import", exact=False).last.click()
    await person.page.get_by_role("link", name="Imported").first.click()
    await expect(person.file("run.py")).to_have_attribute("data-executable", "true")
    await expect(person.file("lib.py")).not_to_have_attribute("data-executable", "true")


async def test_changes_made_elsewhere_appear_in_the_list(person: Ide, platform: Platform) -> None:
    async with platform.api() as api:
        app = await api.create_application("Elsewhere", {})
        await expect(person.page.get_by_role("link", name=app.name).first).to_be_visible()
        await api.call("DELETE", f"/applications/{app.id}")
        await expect(person.page.get_by_role("link", name=app.name)).to_have_count(0)


async def test_signing_in_by_token_and_out_again(browser: Browser, platform: Platform) -> None:
    async with browsing(browser) as (context, watch):
        watch.expect("401")  # who am I, before and after
        page = await context.new_page()
        await page.goto(platform.url)
        form = page.get_by_test_id("sign-in-form")
        await screenshot(page, "sign-in")
        await form.get_by_label("Token").fill(platform.token)
        await form.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("heading", name="Applications")).to_be_visible()
        cookies = await context.cookies()
        assert [(one["httpOnly"], one["sameSite"]) for one in cookies] == [(True, "Strict")]
        await page.get_by_role("button", name="Signed in as admin").click()
        await page.get_by_role("menuitem", name="Sign out").click()
        await expect(page.get_by_test_id("sign-in-form")).to_be_visible()
        await page.reload()
        await expect(page.get_by_test_id("sign-in-form")).to_be_visible()


async def test_a_sign_in_link_leads_into_the_product(browser: Browser, platform: Platform) -> None:
    async with browsing(browser) as (context, watch):
        await open_ide(await context.new_page(), watch, platform)
        await expect(context.pages[0].get_by_role("heading", name="Applications")).to_be_visible()
