// Starts the system's Chromium for the browser tests, with nothing of it calling out.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-default-apps', '--no-default-browser-check',
    '--disable-features=Translate,OptimizationHints,MediaRouter', '--metrics-recording-only', '--mute-audio',
];

/**
 * A browser with its own empty profile. Returns {context, close}: several pages of one context are the
 * tabs of one visitor. Options are those of a Playwright context (viewport, colorScheme, locale, …).
 */
export async function launchBrowser(options = {}) {
    const profile = await mkdtemp(join(tmpdir(), 'deskbell-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
        executablePath: process.env.DESKBELL_CHROMIUM || '/usr/bin/chromium',
        args: FLAGS,
        locale: 'en-GB',
        viewport: { width: 1280, height: 860 },
        ...options,
    });
    return {
        context,
        async close() {
            await context.close();
            await rm(profile, { recursive: true, force: true, maxRetries: 5 });
        },
    };
}
