// What the browser tests share: a visit with a storage of its own, pictures for people, and patience.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { WidgetPage } from './widget_page.mjs';

const SHOTS = join(process.env.DESKBELL_BUILD ?? 'build', 'screenshots');

/** Runs a visit by a new visitor. Errors of the page, dialogs and broken policies fail it. */
export async function visit(browser, url, run, options = {}) {
    const context = await browser.visitor(options);
    const errors = [];
    const openPage = async (where = url) => {
        const page = await context.newPage();
        page.on('pageerror', (e) => errors.push(e.message));
        page.on('console', (m) => m.type() === 'error' && /Content Security|Refused/.test(m.text()) && errors.push(m.text()));
        page.on('dialog', (d) => {
            errors.push('dialog: ' + d.message());
            void d.dismiss();
        });
        await page.goto(where);
        return new WidgetPage(page);
    };
    try {
        await run(openPage, context);
        assert.deepEqual(errors, []);
    } finally {
        await context.close();
    }
}

/** A picture for people to look at, kept beside the others of the build. */
export async function shot(page, name) {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `widget-${name}.png`), animations: 'disabled' });
}

export async function until(what, check, timeout = 30000) {
    const end = Date.now() + timeout;
    for (;;) {
        const value = await check();
        if (value) return value;
        if (Date.now() > end) throw new Error('waited in vain for ' + what);
        await new Promise((r) => setTimeout(r, 50));
    }
}
