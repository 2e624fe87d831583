"""The whole IDE under a path prefix, behind a reverse proxy."""

from playwright.async_api import Browser, expect

from tests.support.browser import browsing, sign_in
from tests.support.ide import Ide
from tests.support.platform import Platform
from tests.support.prefix_proxy import running_prefix_proxy


async def test_the_quick_start_behind_a_prefix(browser: Browser, platform: Platform) -> None:
    async with running_prefix_proxy(platform.url, "/tools/am") as proxy, browsing(browser) as (context, watch):
        page = await context.new_page()
        outside: list[str] = []
        page.on("request", lambda request: None if request.url.startswith(proxy.url) else outside.append(request.url))
        await sign_in(page, platform, proxy.url)
        ide = Ide(page, watch, platform)
        await ide.create_application("Behind a proxy")
        await ide.create_script("test.py")
        await ide.make_executable("test.py")
        await ide.replace_text("print('Hello world!')\n")
        await ide.save()
        await ide.run()
        await ide.console.expect_line("Hello world!")
        await ide.console.expect_state("closed")
        assert page.url.startswith(f"{proxy.url}/#/")
        assert [one["path"] for one in await context.cookies()] == ["/tools/am"]
        assert [one for one in outside if not one.startswith(("blob:", "data:"))] == []
        await page.get_by_role("button", name="Signed in as admin").click()
        watch.allow("401")
        await page.get_by_role("menuitem", name="Sign out").click()
        await expect(page.get_by_test_id("sign-in-form")).to_be_visible()
