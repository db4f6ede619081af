// What the browser tests share: a visit with a storage of its own, pictures for people, and patience.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hostSite } from './host_site.mjs';
import { WidgetPage } from './widget_page.mjs';

const SHOTS = join(process.env.DESKBELL_BUILD ?? 'build', 'screenshots');

/**
 * Runs a visit by a new visitor of `where`: an address, or {pages, host}, a site of its own for as long as the visit
 * lasts (host_site.mjs). Errors of scripts, dialogs and broken policies fail it. `run(openPage, context, site)`;
 * `site.asked` has every address that was asked for. `prepare(context)` comes before the first page; errors like `expected`
 * are none; all other options are those of a Playwright context.
 */
export async function visit(browser, where, run, { prepare, expected, ...options } = {}) {
    const made = typeof where === 'string' ? null : await hostSite(where.pages, where);
    const site = { url: made?.url ?? where, asked: [] };
    const context = await browser.visitor(options);
    const errors = [];
    const openPage = async (url = site.url) => {
        const page = await context.newPage();
        page.on('pageerror', (e) => errors.push(e.message));
        page.on('console', (m) => m.type() === 'error' && /Content Security|Refused/.test(m.text()) && errors.push(m.text()));
        page.on('dialog', (d) => {
            errors.push('dialog: ' + d.message());
            void d.dismiss();
        });
        await page.goto(url);
        return new WidgetPage(page);
    };
    try {
        context.on('request', (r) => site.asked.push(new URL(r.url())));
        await context.exposeBinding('reportBroken', (_, text) => errors.push(text));
        await context.addInitScript(() => {
            addEventListener('securitypolicyviolation', (e) => window.reportBroken(`${e.violatedDirective} ${e.blockedURI}`));
        });
        await prepare?.(context);
        await run(openPage, context, site);
        assert.deepEqual(errors.filter((e) => !expected?.test(e)), []);
    } finally {
        await context.close();
        await made?.stop();
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
