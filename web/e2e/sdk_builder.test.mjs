// The page on which a site's snippet is put together.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { hostSite, page } from './host_site.mjs';
import { TestServer } from './server.mjs';
import { shot, until, visit } from './visit.mjs';

let server;
let browser;
let address;

before(async () => {
    server = await TestServer.start();
    browser = await launchBrowser();
    address = `${server.url}/builder?website_token=${server.inbox.website_token}`;
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

const open = (run, options) => visit(browser, address, async (openPage, context) => {
    const { page: tab } = await openPage();
    const preview = tab.frameLocator('#stage iframe');
    const launcher = preview.locator('#deskbell button').first();
    await launcher.waitFor();
    await run({ tab, preview, launcher, context, code: () => tab.locator('#code').textContent() });
}, options);

test('what is chosen shows in the real chat and stands in the snippet, which then works on a page', () =>
    open(async ({ tab, preview, launcher, context, code }) => {
        await tab.getByLabel('Left').check();
        await tab.getByLabel('With text').check();
        await tab.getByLabel('Text', { exact: true }).fill('Ask "us" <now> & ever');
        await tab.getByLabel('Greeting').fill('Ahoy there');
        await tab.getByLabel('Colour as #RRGGBB').fill('#0a7d5a');
        await tab.getByLabel('Appearance').selectOption('dark');
        await until('the launcher moved', async () => (await launcher.boundingBox())?.x < 700 && (await launcher.textContent()).includes('Ask "us" <now> & ever'));
        await launcher.click();
        await preview.frameLocator('#deskbell iframe').getByText('Ahoy there').first().waitFor();
        await preview.frameLocator('#deskbell iframe').locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
        // Open stays open while one goes on choosing.
        await tab.getByLabel('Greeting').fill('Ahoy again');
        await preview.frameLocator('#deskbell iframe').getByText('Ahoy again').first().waitFor();
        const snippet = await code();
        assert.match(snippet, /data-position="left"/);
        assert.doesNotMatch(snippet, /<now>/);
        const site = await hostSite({ '/': page(snippet) });
        try {
            const other = await context.newPage();
            await other.goto(site.url);
            const button = other.getByRole('button', { name: 'Ask "us" <now> & ever' });
            await button.waitFor();
            assert.equal(await button.evaluate((b) => getComputedStyle(b).backgroundColor), 'rgb(10, 125, 90)');
        } finally {
            await site.stop();
        }
        await tab.getByRole('tab', { name: 'Settings object' }).click();
        assert.match(await code(), /window\.deskbellSettings = \{[^]*\\u003cnow>[^]*"welcomeTitle": "Ahoy again"/);
        await tab.keyboard.press('ArrowRight');
        assert.match(await code(), /loadDeskbell\(\{/);
        assert.equal(await tab.getByRole('tab', { name: 'npm' }).getAttribute('aria-selected'), 'true');
    }));

test('the snippet is copied, and a token nobody has is said to be none', () =>
    open(async ({ tab, code, context }) => {
        await context.grantPermissions(['clipboard-read', 'clipboard-write']);
        await tab.getByRole('button', { name: 'Copy' }).click();
        await tab.getByText('Copied').waitFor();
        assert.equal(await tab.evaluate(() => navigator.clipboard.readText()), await code());
        await tab.getByLabel('Website token').fill('nobody');
        await tab.getByText('No site has this token.').waitFor();
        assert.equal(await tab.getByLabel('Website token').getAttribute('aria-invalid'), 'true');
        await tab.locator('#empty').waitFor();
        assert.equal(await tab.locator('#stage iframe').count(), 0);
        await tab.getByLabel('Website token').fill(server.inbox.website_token);
        await tab.locator('#stage iframe').waitFor();
    }));

test('it fits a phone and a dark room, and speaks German', async () => {
    for (const [name, options] of [['light', {}], ['dark', { colorScheme: 'dark' }], ['phone', { viewport: { width: 360, height: 740 } }], ['de', { locale: 'de-DE' }]]) {
        await open(async ({ tab }) => {
            await shot(tab, `builder-${name}`);
            assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
            if (name === 'de') await tab.getByRole('heading', { name: 'Den Chat auf die eigene Website setzen' }).waitFor();
        }, options);
    }
});
