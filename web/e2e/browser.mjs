// Starts the system's Chromium for the browser tests, with nothing of it calling out.
import { chromium } from 'playwright-core';

const FLAGS = [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-default-apps', '--no-default-browser-check',
    '--disable-features=Translate,OptimizationHints,MediaRouter', '--metrics-recording-only', '--mute-audio',
];
const USUAL = { locale: 'en-GB', viewport: { width: 1280, height: 860 } };

/**
 * A browser with an empty profile of its own: {context, visitor, close}. Pages of one context are the tabs
 * of one visitor; visitor(options) makes a context for another. Options are those of a Playwright context
 * (viewport, colorScheme, locale, …).
 */
export async function launchBrowser(options = {}) {
    const browser = await chromium.launch({ executablePath: process.env.DESKBELL_CHROMIUM || '/usr/bin/chromium', args: FLAGS });
    const visitor = (own = {}) => browser.newContext({ ...USUAL, ...options, ...own });
    return { context: await visitor(), visitor, close: () => browser.close() };
}
