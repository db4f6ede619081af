// Builds the package into dist: node build.mjs [<out>]
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, 'dist'));
const budget = 1000;

await rm(out, { recursive: true, force: true });
await build({
    entryPoints: [join(here, 'src/index.ts')], outfile: join(out, 'index.js'),
    bundle: true, minify: true, format: 'esm', target: 'es2021', legalComments: 'none',
});
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const types = spawnSync(process.execPath, [tsc, '-p', here, '--outDir', out], { stdio: 'inherit' });
const size = gzipSync(await readFile(join(out, 'index.js')), { level: 9 }).length;
console.log(`package: ${size} of ${budget} bytes gz`);
if (types.status !== 0 || size > budget) process.exit(1);
