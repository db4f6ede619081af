// Builds everything the server embeds into one folder: node build.mjs <out>
import { build, transform } from 'esbuild';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, 'dist'));
const target = ['chrome111', 'firefox113', 'safari16.4'];
const budgets = { loader: 3 * 1024, app: 20 * 1024 };

const gz = (bytes) => gzipSync(bytes, { level: 9 }).length;

const tokens = JSON.parse(await readFile(join(here, '../resources/tokens.json'), 'utf8'));

/** Custom properties for the tokens a style sheet uses, light and dark. */
function tokenSheet(css) {
    const used = Object.keys(tokens.colors).filter((name) => css.includes(`var(--${name})`));
    const block = (theme) => used.map((name) => `--${name}:${tokens.colors[name][theme]};`).join('');
    const tints = (theme, scope = '') =>
        tokens.avatars.map((a, i) => `${scope}.tint${i}{background:${a[theme].background};color:${a[theme].text}}`).join('');
    return [
        `:root{color-scheme:light;${block('light')}}`, tints('light'),
        `[data-theme=dark]{color-scheme:dark;${block('dark')}}`, tints('dark', '[data-theme=dark] '),
    ].join('\n');
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
const allStyles = (await Promise.all(['app', 'thread', 'composer'].map((n) => readFile(join(styleFolder, n + '.css'), 'utf8')))).join('\n');

const tokenPlugin = {
    name: 'tokens',
    setup(b) {
        b.onResolve({ filter: /^tokens$/ }, () => ({ path: 'tokens', namespace: 'tokens' }));
        b.onLoad({ filter: /.*/, namespace: 'tokens' }, () => ({ contents: tokenSheet(allStyles), loader: 'css' }));
    },
};
const loaderCssPlugin = {
    name: 'loader-css',
    setup(b) {
        b.onLoad({ filter: /loader\.css$/ }, async ({ path }) => {
            const css = fillTokens(await readFile(path, 'utf8'));
            const small = await transform(css, { loader: 'css', minify: true, target });
            return { contents: small.code.trim(), loader: 'text' };
        });
    },
};

await rm(out, { recursive: true, force: true });
await mkdir(join(out, 'widget'), { recursive: true });
await mkdir(join(out, 'demo'), { recursive: true });

const app = await build({
    entryPoints: { app: join(here, 'widget/src/main.ts') },
    outdir: join(out, 'widget'),
    bundle: true, minify: true, splitting: true, format: 'esm', target, charset: 'utf8', metafile: true,
    entryNames: '[name]-[hash]', chunkNames: '[name]-[hash]', legalComments: 'none', absWorkingDir: here,
});
const style = await build({
    entryPoints: { app: join(styleFolder, 'app.css') },
    outdir: join(out, 'widget'),
    bundle: true, minify: true, target, charset: 'utf8', metafile: true, plugins: [tokenPlugin],
    entryNames: '[name]-[hash]', absWorkingDir: here,
});
const loader = await build({
    entryPoints: [join(here, 'widget/loader/loader.ts')],
    outfile: join(out, 'w.js'),
    bundle: true, minify: true, format: 'iife', target, charset: 'utf8', plugins: [loaderCssPlugin], metafile: true,
    legalComments: 'none', absWorkingDir: here,
});

/** The file an entry point became, and all it needs at once. */
function outputsOf(result, entry) {
    const all = result.metafile.outputs;
    const name = Object.keys(all).find((o) => all[o].entryPoint?.endsWith(entry));
    const chunks = all[name].imports.filter((i) => i.kind === 'import-statement').map((i) => i.path);
    return [name, ...chunks];
}
const appFiles = outputsOf(app, 'main.ts');
const styleFiles = outputsOf(style, 'app.css');
const baseName = (path) => path.split('/').pop();

const frame = (await readFile(join(here, 'widget/index.html'), 'utf8'))
    .replace('{{app.css}}', baseName(styleFiles[0]))
    .replace('{{app.js}}', baseName(appFiles[0]));
if (frame.includes('{{')) throw new Error('widget/index.html has a placeholder left');
await writeFile(join(out, 'widget/index.html'), frame);
await cp(join(here, 'demo/index.html'), join(out, 'demo/index.html'));

const sizeOf = async (files) => {
    let sum = 0;
    for (const file of files) sum += gz(await readFile(resolve(here, file)));
    return sum;
};
const sizes = {
    loader: await sizeOf(Object.keys(loader.metafile.outputs)),
    app: await sizeOf([...appFiles, ...styleFiles]),
};
for (const [name, size] of Object.entries(sizes)) {
    console.log(`${name}: ${size} of ${budgets[name]} bytes gz`);
    if (size > budgets[name]) {
        console.error(`${name} is over its budget`);
        process.exitCode = 1;
    }
}
