// Checks the types, bundles every *.test.ts for node and runs them: node widget/tests/run.mjs
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const web = join(here, '../..');
const out = mkdtempSync(join(tmpdir(), 'deskbell-widget-tests-'));
const run = (...args) => spawnSync(process.execPath, args, { cwd: web, stdio: 'inherit' }).status ?? 1;

let status = 1;
try {
    status = run(join(web, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', web);
    const tests = readdirSync(here).filter((f) => f.endsWith('.test.ts'));
    await build({
        entryPoints: tests.map((f) => join(here, f)),
        outdir: out, outExtension: { '.js': '.mjs' }, bundle: true, platform: 'node', format: 'esm', target: 'node18',
        sourcemap: 'inline', logLevel: 'warning', absWorkingDir: web,
    });
    status ||= run('--enable-source-maps', '--test', ...tests.map((f) => join(out, f.replace(/\.ts$/, '.mjs'))));
} finally {
    rmSync(out, { recursive: true, force: true });
}
process.exit(status);
