// Files beside a message: pasted, dropped, spoken; with progress, taken away, refused.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { picture } from './picture.mjs';
import { TestServer } from './server.mjs';
import { startSite } from './site.mjs';
import { Tunnel } from './tunnel_proxy.mjs';
import { shot, until, visit as visitWith } from './visit.mjs';

let server;
let browser;
let tunnel;

before(async () => {
    server = await TestServer.start();
    tunnel = await Tunnel.to(server.port);
    // A microphone that hums, and somebody who allows it.
    browser = await launchBrowser({}, ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']);
});
after(async () => {
    await browser?.close();
    await tunnel?.stop();
    await server?.remove();
});

const visit = (run, options) => visitWith(browser, tunnel.url + '/demo', run, options);

/** On a page of somebody else, which may lend its visitors' microphone. */
async function visitSite(run) {
    const site = await startSite(server.url, server.inbox.website_token);
    await visitWith(browser, site.url, run).finally(() => site.stop());
}

/** Lets the page see these files as if somebody pasted or dropped them. */
const give = (target, kind, files) =>
    target.evaluate((element, [kind, files]) => {
        const data = new DataTransfer();
        for (const { name, type, size } of files) data.items.add(new File([new Uint8Array(size).fill(65)], name, { type }));
        const send = (type) => {
            const event = type === 'paste' ? new ClipboardEvent(type, { clipboardData: data, bubbles: true, cancelable: true })
                : new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
            element.dispatchEvent(event);
            return event.defaultPrevented;
        };
        return kind === 'paste' ? send('paste') : [send('dragover'), send('drop')].every(Boolean);
    }, [kind, files]);

const stored = async (text) => {
    const id = await server.conversationWith(text);
    return (await server.messages(id)).find((m) => m.content === text).attachments;
};

test('a picture is pasted and a document dropped, and both go with the message', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        await chat.open();
        await chat.connected();
        assert.ok(await give(chat.box, 'paste', [{ name: 'image.png', type: 'image/png', size: 2000 }]));
        const chips = chat.frame.locator('.chip');
        await until('the pasted one', async () => (await chips.count()) === 1);
        const body = chat.frame.locator('main');
        // The sign that it would be taken is there while it is held above, and goes with it.
        const cover = chat.frame.locator('.cover');
        await until('the sign', async () => {
            await body.evaluate((e) => {
                const dataTransfer = new DataTransfer();
                dataTransfer.items.add(new File(['1'], 'x.txt'));
                e.dispatchEvent(new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true }));
            });
            return cover.isVisible();
        });
        await shot(chat.page, 'drop');
        assert.ok(await give(body, 'drop', [{ name: 'plan.txt', type: 'text/plain', size: 1500 }]));
        assert.equal(await cover.isVisible(), false);
        await chat.frame.locator('.chip[data-state="done"]').nth(1).waitFor();
        await shot(chat.page, 'chips');
        await chat.write('pasted and dropped');
        await chat.waitForMessage('pasted and dropped', { state: 'sent' });
        assert.equal((await stored('pasted and dropped')).length, 2);
        assert.equal(await chips.count(), 0);
        // Text is pasted as text.
        await chat.box.evaluate((e) => {
            const data = new DataTransfer();
            data.setData('text/plain', 'words');
            const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
            e.dispatchEvent(event);
            if (event.defaultPrevented) throw new Error('words are kept away');
        });
    }));

test('a file on its way shows how far it is, keeps the message back, and can be taken away', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        await chat.open();
        await chat.connected();
        tunnel.rate = 400_000;
        try {
            await chat.attach(
                { name: 'slow.bin', mimeType: 'application/pdf', buffer: Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(6_000_000, 32)]) },
                { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('42') },
            );
            const slow = chat.frame.locator('.chip').filter({ hasText: 'slow.bin' });
            const progress = slow.getByRole('progressbar');
            await progress.waitFor();
            const seen = await until('it moves', async () => {
                const now = Number(await progress.getAttribute('aria-valuenow'));
                return now > 0 && now < 100 && now;
            });
            await until('it moves on', async () => Number(await progress.getAttribute('aria-valuenow')) > seen);
            await shot(chat.page, 'progress');
            await chat.box.fill('without the slow one');
            await chat.box.press('Enter');
            await chat.frame.getByText('Your files are still on their way').waitFor();
            assert.equal(await chat.rows.filter({ hasText: 'without the slow one' }).count(), 0);
            const cut = chat.page.waitForEvent('requestfailed', (r) => r.url().endsWith('/w/v1/up'));
            await slow.getByRole('button', { name: 'Remove slow.bin' }).click();
            await cut;
            await until('it left', async () => (await slow.count()) === 0);
        } finally {
            tunnel.rate = 0;
        }
        await chat.frame.locator('.chip[data-state="done"]').waitFor();
        assert.ok(await chat.box.evaluate((e) => e === document.activeElement), 'the focus goes where one writes on');
        await chat.box.press('Enter');
        await chat.waitForMessage('without the slow one', { state: 'sent' });
        assert.deepEqual((await stored('without the slow one')).length, 1);
    }));

test('what cannot go says why; what failed goes on with a press, and the draft keeps its files over a reload', () =>
    visit(async (openPage, context) => {
        const chat = await openPage();
        await chat.open();
        await chat.connected();
        await give(chat.box, 'paste', Array.from({ length: 12 }, (_, i) => ({ name: `n${i}.txt`, type: 'text/plain', size: 10 })));
        await chat.frame.getByText('At most 10 files in a message').waitFor();
        for (let i = 0; i < 9; i++) await chat.frame.getByRole('button', { name: /^Remove n/ }).first().click();
        await until('one is left', async () => (await chat.frame.locator('.chip').count()) === 1);
        await chat.frame.locator('.chip[data-state="done"]').waitFor();
        await chat.page.reload();
        await chat.open();
        await chat.frame.locator('.chip[data-state="done"]').waitFor();
        await context.route('**/w/v1/up', (route) => route.fulfill({ status: 415, json: { code: 'type_refused' } }));
        await chat.attach({ name: 'run.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') });
        await chat.frame.getByText('This kind of file is not accepted').waitFor();
        await chat.frame.getByRole('button', { name: 'Remove run.exe' }).click();
        await context.unroute('**/w/v1/up');
        await context.route('**/w/v1/up', (route) => route.abort());
        await chat.attach({ name: 'again.txt', mimeType: 'text/plain', buffer: Buffer.from('again') });
        await chat.frame.locator('.chip[data-state="failed"]').waitFor();
        await shot(chat.page, 'upload-failed');
        await context.unroute('**/w/v1/up');
        await chat.frame.locator('.chip[data-state="failed"]').getByRole('button', { name: 'Try again' }).click();
        await chat.frame.locator('.chip[data-state="done"]').nth(1).waitFor();
        await chat.write('two in the end');
        await chat.waitForMessage('two in the end', { state: 'sent' });
        assert.equal((await stored('two in the end')).length, 2);
    }));

test('a voice note is recorded, thrown away, recorded again and heard at both ends', () =>
    visitSite(async (openPage) => {
        const chat = await openPage();
        await chat.open();
        await chat.connected();
        await chat.press('Record a voice note');
        await chat.frame.locator('.voice .clock').getByText('0:01').waitFor();
        await shot(chat.page, 'voice');
        await chat.press('Throw the recording away');
        assert.equal(await chat.frame.locator('.voice, .chip').count(), 0);
        await until('the focus in the box', () => chat.box.evaluate((e) => e === document.activeElement));
        await chat.press('Record a voice note');
        await chat.frame.locator('.voice .clock').getByText('0:01').waitFor();
        await chat.press('Finish recording');
        const chip = chat.frame.locator('.chip[data-state="done"]');
        await chip.waitFor();
        assert.match(await chip.locator('.name').getAttribute('title'), /^voice-[\d-]+\.(weba|m4a|ogg)$/);
        await chat.write('listen');
        const row = await chat.waitForMessage('listen', { state: 'sent' });
        const player = row.locator('audio');
        await player.waitFor();
        await shot(chat.page, 'voice-sent');
        const ready = await player.evaluate(async (audio) => {
            audio.muted = true;
            await audio.play();
            return audio.readyState;
        });
        assert.ok(ready >= 2, 'it can be heard');
        const [attachment] = await stored('listen');
        assert.equal(attachment.file_type, 'audio');
    }));

test('without a microphone one is told so, and writes on', () =>
    visitSite(async (openPage, context) => {
        await context.addInitScript(() => {
            navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
        });
        const chat = await openPage();
        await chat.open();
        await chat.press('Record a voice note');
        await chat.frame.getByText('The microphone cannot be used').waitFor();
        assert.equal(await chat.frame.locator('.voice').count(), 0);
        await chat.write('then in words');
        await chat.waitForMessage('then in words', { state: 'sent' });
    }));

test('where files are not wanted, neither paste nor drop nor voice offers any', () =>
    visit(async (openPage) => {
        await server.api('PATCH', `/inboxes/${server.inbox.id}`, { channel: { selected_feature_flags: ['emoji_picker'] } });
        const chat = await openPage();
        await chat.open();
        await chat.connected();
        assert.equal(await chat.frame.getByRole('button', { name: /Attach files|voice note/ }).count(), 0);
        await give(chat.box, 'paste', [{ name: 'image.png', type: 'image/png', size: 20 }]);
        await give(chat.frame.locator('main'), 'drop', [{ name: 'image.png', type: 'image/png', size: 20 }]);
        assert.ok(chat.page.frames().some((f) => f.url().includes('/widget')), 'and the file does not take the place of the chat');
        assert.equal(await chat.frame.locator('.chip').count(), 0);
    }));
