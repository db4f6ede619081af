// The npm package as somebody who installs it has it: packed, unpacked, typed, bundled into a tiny page.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { launchBrowser } from './browser.mjs';
import { hostSite, page } from './host_site.mjs';
import { TestServer } from './server.mjs';
import { until } from './visit.mjs';
import { WidgetPage } from './widget_page.mjs';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const tsc = join(web, 'node_modules/typescript/bin/tsc');
let folder;
let app;
let packed;

const run = (command, args, cwd) => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
    assert.equal(status, 0, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
    return stdout;
};

before(() => {
    folder = mkdtempSync(join(tmpdir(), 'deskbell-package-'));
    // A copy, so that a test leaves nothing behind beside the sources.
    const source = join(folder, 'sdk');
    cpSync(join(web, 'sdk'), source, { recursive: true, filter: (path) => !/\/(dist|node_modules)$/.test(path) });
    symlinkSync(join(web, 'node_modules'), join(folder, 'node_modules'));
    run(process.execPath, [join(source, 'build.mjs')], source);
    [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], source));
    app = join(folder, 'app');
    mkdirSync(join(app, 'node_modules/@deskbell'), { recursive: true });
    run('tar', ['xzf', join(folder, packed.filename), '-C', app]);
    cpSync(join(app, 'package'), join(app, 'node_modules/@deskbell/widget'), { recursive: true });
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('the package holds what it must and nothing else, and at most 1 kB of script', () => {
    const files = packed.files.map((f) => f.path).sort();
    assert.deepEqual(files, ['LICENSE', 'README.md', 'dist/index.d.ts', 'dist/index.js', 'dist/types.d.ts', 'package.json']);
    const size = gzipSync(readFileSync(join(app, 'package/dist/index.js')), { level: 9 }).length;
    assert.ok(size <= 1000, `${size} bytes`);
});

test('its types hold a program to what there is', () => {
    const check = (text) => {
        writeFileSync(join(app, 'main.ts'), text);
        return spawnSync(process.execPath, [tsc, '--noEmit', '--strict', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', 'main.ts'], { cwd: app, encoding: 'utf8' });
    };
    const good = check(`import { loadDeskbell, onDeskbell, type DeskbellUser } from '@deskbell/widget';
const user: DeskbellUser = { name: 'Ada', identifier_hash: 'ab' };
const chat = await loadDeskbell({ baseUrl: 'https://x.example', websiteToken: 't', settings: { position: 'left', compat: false } });
chat.setUser(7, user);
chat.on('on-message', (m) => m.sender?.name.length);
onDeskbell('unread', (n) => n.toFixed())();
window.addEventListener('deskbell:error', (e) => e.detail.code.length);
window.$deskbell?.toggle('open');`);
    assert.equal(good.status, 0, good.stdout);
    for (const wrong of [`chat.toggle('ajar')`, `chat.setUser({ id: 7 }, {})`, `chat.on('exploded', () => {})`, `chat.nothing()`]) {
        const bad = check(`import type { DeskbellApi } from '@deskbell/widget';\ndeclare const chat: DeskbellApi;\n${wrong};`);
        assert.notEqual(bad.status, 0, wrong);
    }
});

test('it may be imported where there is no window', () => {
    run(process.execPath, ['--input-type=module', '-e', `await import('@deskbell/widget')`], app);
});

test('a page built with it carries the chat, by nonce, once, and hears its events', async () => {
    const server = await TestServer.start();
    const browser = await launchBrowser();
    let site;
    try {
        const entry = join(app, 'page.js');
        writeFileSync(entry, `import { loadDeskbell, onDeskbell } from '@deskbell/widget';
const options = { baseUrl: ${JSON.stringify(server.url + '/')}, websiteToken: ${JSON.stringify(server.inbox.website_token)}, settings: { position: 'left' }, nonce: 'cGFn' };
window.opens = 0;
const stop = onDeskbell('opened', () => window.opens++);
window.stop = stop;
Promise.all([loadDeskbell(options), loadDeskbell(options)]).then(([a, b]) => { window.same = a === b && a === window.$deskbell; a.open(); });`);
        const [{ text }] = (await build({ entryPoints: [entry], bundle: true, minify: true, format: 'iife', write: false, absWorkingDir: app })).outputFiles;
        const headers = { 'Content-Security-Policy': `default-src 'none'; script-src 'nonce-cGFn'; frame-src ${server.url}` };
        site = await hostSite({ '/': { html: page(`<script nonce="cGFn">${text}</script>`), headers } });
        const tab = await browser.context.newPage();
        const faults = [];
        tab.on('pageerror', (e) => faults.push(e.message));
        await tab.goto(site.url);
        const chat = new WidgetPage(tab);
        await chat.box.waitFor();
        assert.deepEqual(await tab.evaluate(() => [window.same, window.opens, document.querySelectorAll('#deskbell').length]), [true, 1, 1]);
        await tab.evaluate(() => {
            window.stop();
            window.$deskbell.close();
            window.$deskbell.open();
        });
        assert.equal(await tab.evaluate(() => window.opens), 1);
        await chat.write('by the package');
        await until('the message', () => server.conversationWith('by the package'));
        assert.deepEqual(faults, []);
    } finally {
        await site?.stop();
        await browser.close();
        await server.remove();
    }
});
