// Builds everything the server embeds into one folder: node build.mjs <out>
import { gzipAsync } from '@gfx/zopfli';
import { build, transform } from 'esbuild';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, 'dist'));
const target = ['chrome111', 'firefox113', 'safari16.4'];
const budgets = { loader: 3 * 1024, page: 6 * 1024, home: 20 * 1024, thread: 23.5 * 1024 };

const tokens = JSON.parse(await readFile(join(here, '../resources/tokens.json'), 'utf8'));

const usedIn = (css) => Object.keys(tokens.colors).filter((name) => css.includes(`var(--${name})`));

/** A color in as few letters as it takes. */
const short = (color) => color.toLowerCase().replace(/^#(.)\1(.)\2(.)\3$/, '#$1$2$3');

/** Custom properties for tokens, light and dark. */
function tokenSheet(names) {
    const block = (theme) => names.map((name) => `--${name}:${short(tokens.colors[name][theme])}`).join(';');
    return [`:root{${block('light')}}`, `[data-theme=dark]{${block('dark')}}`].join('\n');
}

/** What avatars stand on, light and dark. */
function tintSheet() {
    const tints = (theme, scope = '') =>
        tokens.avatars.map((a, i) => `${scope}.tint${i}{background:${short(a[theme].background)};color:${short(a[theme].text)}}`).join('');
    return [tints('light'), tints('dark', '[data-theme=dark] ')].join('\n');
}

/** Puts "{{name}}" or "{{name.dark}}" of the tokens into a text. */
function fillTokens(text) {
    return text.replace(/\{\{(\w+)(?:\.(light|dark))?\}\}/g, (whole, name, theme = 'light') => {
        const color = tokens.colors[name];
        if (!color) throw new Error(`no token ${name}`);
        return color[theme];
    });
}

const styleFolder = join(here, 'widget/src/style');
const stylesOf = async (...names) => (await Promise.all(names.map((n) => readFile(join(styleFolder, n + '.css'), 'utf8')))).join('\n');
const firstTokens = usedIn(await stylesOf('app', 'thread', 'composer', 'home'));
const moreTokens = usedIn(await stylesOf('more')).filter((name) => !firstTokens.includes(name));

const tokenPlugin = {
    name: 'tokens',
    setup(b) {
        b.onResolve({ filter: /^tokens$/ }, () => ({ path: 'tokens', namespace: 'tokens' }));
        b.onLoad({ filter: /.*/, namespace: 'tokens' }, () => ({ contents: [':root{color-scheme:light}[data-theme=dark]{color-scheme:dark}', tokenSheet(firstTokens), tintSheet()].join('\n'), loader: 'css' }));
    },
};
/** Styles of the later parts travel inside their script, as text. */
const moreCssPlugin = {
    name: 'more-css',
    setup(b) {
        b.onLoad({ filter: /(more|thread|home)\.css$/ }, async ({ path }) => {
            const css = (path.endsWith('more.css') ? tokenSheet(moreTokens) : '') + (await readFile(path, 'utf8'));
            const small = await transform(css, { loader: 'css', minify: true, target });
            return { contents: small.code.trim(), loader: 'text' };
        });
    },
};
const loaderCssPlugin = {
    name: 'loader-css',
    setup(b) {
        b.onLoad({ filter: /(loader|page)\.css$/ }, async ({ path }) => {
            const css = fillTokens(await readFile(path, 'utf8'));
            const small = await transform(css, { loader: 'css', minify: true, target });
            return { contents: small.code.trim(), loader: 'text' };
        });
    },
};

/**
 * Lets every later part lean on the whole first one: all that they share then lies in one file beside the
 * first part's own code, instead of in a handful of small ones that pack badly and cost a request each.
 */
const wholeFirstPlugin = {
    name: 'whole-first',
    setup(b) {
        b.onLoad({ filter: /widget\/src\/.*\.ts$/ }, async ({ path }) => {
            const contents = await readFile(path, 'utf8');
            const up = relative(dirname(path), join(here, 'widget/src/main')).replaceAll('\\', '/');
            return { contents: laterParts.has(path) ? `import './${up}';\n${contents}` : contents, loader: 'ts' };
        });
    },
};
const laterParts = new Set();
for (const file of ['main.ts', 'ui/lazy.ts', 'protocol/http.ts']) {
    const path = join(here, 'widget/src', file);
    for (const [, name] of (await readFile(path, 'utf8')).matchAll(/import\('([^']+)'\)/g)) laterParts.add(join(dirname(path), name + '.ts'));
}

await rm(out, { recursive: true, force: true });
await mkdir(join(out, 'widget'), { recursive: true });
await mkdir(join(out, 'demo'), { recursive: true });

/** The catalogues, all with one ending, which stands for all of them: the first part then needs no table of them. */
const i18n = join(here, 'widget/src/i18n');
const languages = (await readdir(i18n)).filter((name) => /^[a-z]{2}\.ts$/.test(name)).map((name) => name.slice(0, 2));
const catalogs = {};
const sum = createHash('sha256');
for (const language of languages) {
    for (const [name, file] of [[language, `${language}.ts`], [`more-${language}`, `more/${language}.ts`]]) {
        if (name !== 'en') catalogs[name] = join(i18n, file);
        sum.update(await readFile(join(i18n, file)));
    }
}
const ending = sum.digest('hex').slice(0, 8).toUpperCase();
await build({
    entryPoints: Object.fromEntries(Object.entries(catalogs).map(([name, path]) => [`${name}-${ending}`, path])),
    outdir: join(out, 'widget'), bundle: true, minify: true, format: 'esm', target, charset: 'utf8',
});
const languagesPlugin = {
    name: 'languages',
    setup(b) {
        b.onLoad({ filter: /i18n\/languages\.ts$/ }, () => ({
            contents: `const bring = (name) => {
                    const file = './' + name + '-${ending}.js';
                    return import(file);
                };
                export const languages = '${languages.filter((l) => l !== 'en').join(' ')}'.split(' ');
                export const firstTexts = async (language) => (await bring(language)).core;
                export const moreTexts = async (language) => (await bring('more-' + language)).more;`,
        }));
    },
};

const app = await build({
    entryPoints: { app: join(here, 'widget/src/main.ts') },
    outdir: join(out, 'widget'),
    bundle: true, minify: true, splitting: true, format: 'esm', target, charset: 'utf8', metafile: true,
    entryNames: '[name]-[hash]', chunkNames: '[name]-[hash]', legalComments: 'none', absWorkingDir: here, plugins: [moreCssPlugin, languagesPlugin, wholeFirstPlugin],
});
const style = await build({
    entryPoints: { app: join(styleFolder, 'app.css') },
    outdir: join(out, 'widget'),
    bundle: true, minify: true, target, charset: 'utf8', metafile: true, plugins: [tokenPlugin],
    entryNames: '[name]-[hash]', absWorkingDir: here,
});
const page = await build({
    entryPoints: { page: join(here, 'widget/loader/page.ts') },
    outdir: join(out, 'widget'),
    bundle: true, minify: true, format: 'iife', target, charset: 'utf8', plugins: [loaderCssPlugin], metafile: true,
    entryNames: '[name]-[hash]', legalComments: 'none', absWorkingDir: here,
});
const pageName = Object.keys(page.metafile.outputs)[0].split('/').pop();
const loader = await build({
    entryPoints: [join(here, 'widget/loader/loader.ts')],
    outfile: join(out, 'w.js'), define: { PAGE_SCRIPT: JSON.stringify(`widget/${pageName}`), NAMES: JSON.stringify(await launcherNames()) },
    bundle: true, minify: true, format: 'iife', target, charset: 'utf8', plugins: [loaderCssPlugin], metafile: true,
    legalComments: 'none', absWorkingDir: here,
});

/** The file that holds a source, and all it needs at once. */
function outputsOf(result, source) {
    const all = result.metafile.outputs;
    const names = [Object.keys(all).find((o) => Object.keys(all[o].inputs).some((i) => i.endsWith(source)))];
    for (const name of names) {
        for (const { kind, path } of all[name].imports) if (kind === 'import-statement' && !names.includes(path)) names.push(path);
    }
    return names;
}
const appFiles = outputsOf(app, 'src/main.ts');
const styleFiles = outputsOf(style, 'style/app.css');
const baseName = (path) => path.split('/').pop();

const frame = (await readFile(join(here, 'widget/index.html'), 'utf8'))
    .replace('{{app.css}}', baseName(styleFiles[0]))
    .replace('{{app.js}}', baseName(appFiles[0]));
if (frame.includes('{{')) throw new Error('widget/index.html has a placeholder left');
await writeFile(join(out, 'widget/index.html'), frame);
await cp(join(here, 'demo/index.html'), join(out, 'demo/index.html'));
await buildBuilder();

/** The size of what is sent of these files. What the first screens need is packed as small as it gets, which takes a moment each. */
const sizeOf = async (files, first = false) => {
    let sum = 0;
    for (const file of files.map((f) => resolve(here, f))) {
        const bytes = await readFile(file);
        const packed = await readFile(file + '.gz').catch(() => (first ? gzipAsync(bytes, { numiterations: 15 }) : gzipSync(bytes, { level: 9 })));
        if (first) await writeFile(file + '.gz', packed);
        sum += packed.length;
    }
    return sum;
};
/** The later parts and the languages, for people to read; each comes when it is wanted. */
const later = Object.keys(app.metafile.outputs).filter((file) => !appFiles.includes(file));
for (const file of later.sort()) {
    const entry = app.metafile.outputs[file].entryPoint?.replace('widget/src/', '') ?? 'shared';
    console.log(`  later: ${entry} ${await sizeOf([file])}`);
}
const largest = Math.max(0, ...(await Promise.all(languages.filter((l) => l !== 'en').map((l) => sizeOf([join(out, `widget/${l}-${ending}.js`)])))));
/** All that comes until a part is on screen. */
const until = async (part) => {
    const entry = Object.keys(app.metafile.outputs).find((file) => app.metafile.outputs[file].entryPoint?.endsWith(part));
    return sizeOf([...new Set([...appFiles, ...outputsOf(app, part), entry, ...styleFiles])], true);
};
const sizes = {
    loader: await sizeOf(Object.keys(loader.metafile.outputs), true),
    page: await sizeOf(Object.keys(page.metafile.outputs), true),
    home: await until('ui/home.ts'),
    thread: await until('ui/log.ts'),
};
// The same script where sites of the field's product look for it.
await mkdir(join(out, 'packs/js'), { recursive: true });
for (const name of ['sdk.js', 'packs/js/sdk.js']) for (const end of ['', '.gz']) await cp(join(out, 'w.js' + end), join(out, name + end));
for (const [name, size] of Object.entries(sizes)) {
    console.log(`${name}: ${size} of ${budgets[name]} bytes gz` + (name === 'home' ? ` (another language instead of English: up to ${largest} more)` : ''));
    if (size > budgets[name]) {
        console.error(`${name} is over its budget`);
        process.exitCode = 1;
    }
}

/** What the launcher is called in every language the chat speaks, for the loader, which has no catalogue. */
async function launcherNames() {
    const name = async (language) => {
        const text = await readFile(join(i18n, `${language}.ts`), 'utf8');
        const [, quoted] = text.match(/launcher_open: '((?:[^'\\]|\\.)*)'/) ?? [];
        if (!quoted || quoted.includes(',')) throw new Error(`${language}: no name for the launcher, or one with a comma`);
        return `${language}:${quoted.replace(/\\(.)/g, '$1')}`;
    };
    return (await Promise.all(['en', ...languages.filter((l) => l !== 'en')].map(name))).join(',');
}

/** The builder page, in the light of the visitor's device. */
async function buildBuilder() {
    const folder = join(here, 'builder');
    const to = join(out, 'builder');
    const common = { outdir: to, bundle: true, minify: true, target, charset: 'utf8', metafile: true, entryNames: '[name]-[hash]', absWorkingDir: here };
    const css = await readFile(join(folder, 'builder.css'), 'utf8');
    const used = Object.keys(tokens.colors).filter((name) => css.includes(`var(--${name})`));
    const block = (theme) => `:root{color-scheme:${theme};${used.map((name) => `--${name}:${tokens.colors[name][theme]};`).join('')}}`;
    const contents = `${block('light')}@media (prefers-color-scheme: dark){${block('dark')}}\n${css}`;
    const style = await build({ ...common, stdin: { contents, loader: 'css', sourcefile: 'builder.css' }, entryNames: 'builder-[hash]' });
    const preview = await build({ ...common, entryPoints: { page: join(folder, 'page.css') } });
    const nameOf = (result) => baseName(Object.keys(result.metafile.outputs)[0]);
    const script = await build({
        ...common, entryPoints: { builder: join(folder, 'builder.ts') }, format: 'esm', legalComments: 'none',
        define: { PREVIEW_STYLE: JSON.stringify(nameOf(preview)) },
    });
    const html = (await readFile(join(folder, 'index.html'), 'utf8')).replace('{{builder.css}}', nameOf(style)).replace('{{builder.js}}', nameOf(script));
    if (html.includes('{{')) throw new Error('builder/index.html has a placeholder left');
    await writeFile(join(to, 'index.html'), html);
}
