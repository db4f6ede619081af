// Starts the system's Chromium for the browser tests, with nothing of it calling out.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-default-apps', '--no-default-browser-check',
    '--disable-features=Translate,OptimizationHints,MediaRouter,BlockInsecurePrivateNetworkRequests,LocalNetworkAccessChecks', '--metrics-recording-only', '--mute-audio',
];
const USUAL = { locale: 'en-GB', viewport: { width: 1280, height: 860 } };

/**
 * A browser with an empty profile of its own: {context, visitor, close}. Pages of one context are the tabs
 * of one visitor; visitor(options) makes a context for another. Options are those of a Playwright context
 * (viewport, colorScheme, locale, …); `flags` are Chromium's.
 */
export async function launchBrowser(options = {}, flags = []) {
    const browser = await chromium.launch({ executablePath: process.env.DESKBELL_CHROMIUM || '/usr/bin/chromium', args: [...FLAGS, ...flags] });
    // Each from an address of their own, as visitors are: many new ones of one address are held off.
    let last = 0;
    const address = () => `10.${process.pid % 250}.${++last >> 8}.${last % 256}`;
    const visitor = (own = {}) => browser.newContext({ ...USUAL, ...options, ...own, extraHTTPHeaders: { 'X-Forwarded-For': address() } });
    return { context: await visitor(), visitor, close: () => browser.close() };
}

/** One visitor in a browser with these preferences of its profile; `folder` is empty and goes with it. */
export async function launchWithPreferences(folder, preferences) {
    mkdirSync(join(folder, 'Default'), { recursive: true });
    writeFileSync(join(folder, 'Default/Preferences'), JSON.stringify(preferences));
    // The features that we switch off would take the place of those that Playwright does.
    const args = FLAGS.filter((flag) => !flag.startsWith('--disable-features'));
    return chromium.launchPersistentContext(folder, { executablePath: process.env.DESKBELL_CHROMIUM || '/usr/bin/chromium', args, ...USUAL });
}
