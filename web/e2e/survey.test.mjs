// The page with the question at the end, for those who have no widget: sound for assistive technology in every language.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { TestServer } from './server.mjs';
import { shot } from './visit.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let server;
let browser;

before(async () => {
    server = await TestServer.start();
    browser = await launchBrowser();
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

/** Asks a visitor with this language for a rating; where they answer. */
async function askedIn(locale, name = 'Northlight Home') {
    const inbox = await server.api('POST', '/inboxes', { name, csat_survey_enabled: true, channel: { type: 'api' } });
    await server.api('PATCH', '', { locale });
    const call = async (path, body) => {
        const answer = await fetch(`${server.url}/public/api/v1/inboxes/${inbox.inbox_identifier}${path}`, {
            method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
        });
        assert.equal(answer.status, 200);
        return answer.json();
    };
    const contact = await call('/contacts', { name: 'Alice' });
    const conversation = await call(`/contacts/${contact.source_id}/conversations`, {});
    await call(`/contacts/${contact.source_id}/conversations/${conversation.id}/toggle_status`, {});
    return `${server.url}/survey/responses/${conversation.uuid}`;
}

async function violations(page) {
    await page.evaluate(axe);
    return page.evaluate(async () => {
        const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
        return violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join(' | ')}`);
    });
}

const LONG = 'A very long name of a shop that sells everything for the house and the garden'.repeat(2);
for (const [locale, dir, scheme, width, name] of [
    ['en', 'ltr', 'light', 1000], ['de', 'ltr', 'dark', 390], ['ar', 'rtl', 'light', 1000], ['he', 'rtl', 'dark', 320, LONG], ['ja', 'ltr', 'light', 320, LONG],
]) {
    test(`in ${locale}, ${scheme}, ${width} px wide`, async () => {
        const url = await askedIn(locale, name);
        const context = await browser.visitor({ colorScheme: scheme, viewport: { width, height: 700 }, bypassCSP: true });
        const page = await context.newPage();
        const complaints = [];
        page.on('console', (message) => message.type() === 'error' && !message.location().url.includes('favicon') && complaints.push(message.text()));
        await page.goto(url);
        assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), [locale, dir]);
        assert.deepEqual(await violations(page), []);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
        await shot(page, `survey-${locale}`);
        // By keyboard alone.
        await page.keyboard.press('Tab');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Tab');
        await page.keyboard.type('Fine');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.getByRole('status').waitFor();
        assert.deepEqual(await violations(page), []);
        await shot(page, `survey-${locale}-thanks`);
        assert.equal(await page.locator('textarea').inputValue(), 'Fine');
        assert.deepEqual(complaints, []);
        await context.close();
    });
}

test('its own policy lets its style through, and nothing else', async () => {
    const page = await browser.context.newPage();
    const complaints = [];
    page.on('console', (message) => message.type() === 'error' && !message.location().url.includes('favicon') && complaints.push(message.text()));
    await page.goto(await askedIn('en'));
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('button')).color), 'rgb(255, 255, 255)');
    assert.deepEqual(complaints, []);
    await page.close();
});
