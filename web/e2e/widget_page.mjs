// What a visitor does and sees in the chat, found as a person or a screen reader finds it.

const within = (page) => page.frameLocator('iframe[title="Live chat"]');

export class WidgetPage {
    constructor(page) {
        this.page = page;
        this.launcher = page.getByRole('button', { name: 'Open chat' });
        this.frame = within(page);
        this.box = this.frame.getByRole('textbox', { name: 'Message' });
        this.sendButton = this.frame.getByRole('button', { name: 'Send', exact: true });
        this.log = this.frame.getByRole('log');
        this.rows = this.log.locator('[data-id]');
        this.banner = this.frame.locator('.banner');
    }

    /** Opens the chat unless it is open, and waits until one can write. */
    async open() {
        await this.launcher.waitFor();
        if ((await this.launcher.getAttribute('aria-expanded')) !== 'true') await this.launcher.click();
        await this.box.waitFor();
    }

    /** Waits until the chat has its connection. */
    async connected() {
        await this.frame.locator('html[data-link="live"]').waitFor({ state: 'attached' });
    }

    /** Waits until this screen is shown: home, form, chat or history. */
    onScreen(name) {
        return this.frame.locator(`html[data-screen="${name}"]`).waitFor({ state: 'attached' });
    }

    press(name) {
        return this.frame.getByRole('button', { name, exact: true }).click();
    }

    /** Takes what the menu behind the dots offers by that name. */
    async choose(name) {
        await this.press('More');
        await this.frame.getByRole('menuitem', { name, exact: true }).click();
    }

    /** The frame itself, for what must run inside of it. */
    async inside() {
        return (await this.page.waitForSelector('#deskbell iframe')).contentFrame();
    }

    async write(text) {
        await this.box.fill(text);
        await this.box.press('Enter');
    }

    /** All messages, top to bottom: {id, own, state, text, foot}. */
    async messages() {
        return this.rows.evaluateAll((rows) =>
            rows.map((row) => ({
                id: row.dataset.id,
                own: row.dataset.dir === 'in',
                state: row.dataset.state,
                text: row.querySelector('.words')?.textContent ?? '',
                files: [...row.querySelectorAll('.card .name, .picture img')].map((e) => e.getAttribute('title') ?? e.getAttribute('alt')),
                foot: row.querySelector('.foot')?.textContent ?? '',
            })),
        );
    }

    async texts() {
        return (await this.messages()).map((m) => m.text);
    }

    /** The row whose text is exactly `text`, in `state` when one is named. */
    async waitForMessage(text, { state, timeout = 30000 } = {}) {
        const end = Date.now() + timeout;
        for (;;) {
            const now = (await this.rows.count()) ? await this.messages() : [];
            const found = now.find((m) => m.text === text && (!state || m.state === state));
            if (found) return this.log.locator(`[data-id="${found.id}"]`);
            if (Date.now() > end) throw new Error(`Expected ${JSON.stringify(text)} ${state ?? ''}, found ${JSON.stringify(now, null, 1)}`);
            await this.page.waitForTimeout(50);
        }
    }

    /** Waits until the texts are exactly these, in this order, all in `state`. */
    async waitForTexts(expected, { state = 'sent', timeout = 40000 } = {}) {
        const end = Date.now() + timeout;
        for (;;) {
            const now = await this.messages();
            const same = now.length === expected.length && now.every((m, i) => m.text === expected[i] && m.state === state);
            if (same) return now;
            if (Date.now() > end) throw new Error(`Expected ${JSON.stringify(expected)} ${state}, found ${JSON.stringify(now, null, 1)}`);
            await this.page.waitForTimeout(50);
        }
    }

    /** The number on the launcher's badge, 0 when there is none. */
    async unread() {
        const badge = this.page.locator('#deskbell button b');
        return (await badge.isVisible()) ? Number(await badge.textContent()) : 0;
    }

    async attach(...files) {
        await this.frame.locator('input[type=file]').setInputFiles(files);
    }
}
