// Writes the C++ source that carries the built files: node embed.mjs <folder> <out.cpp>
import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { constants, gzipSync } from 'node:zlib';

const [folder, out] = process.argv.slice(2);
const MIME = {
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.html': 'text/html; charset=utf-8',
    '.svg': 'image/svg+xml',
};
const HASHED = /-[A-Z0-9]{8}\.\w+$/;

async function filesIn(dir) {
    const found = [];
    for (const entry of await readdir(dir, { withFileTypes: true })) {
        const path = join(dir, entry.name);
        if (entry.isDirectory()) found.push(...(await filesIn(path)));
        else found.push(path);
    }
    return found;
}

/** A C++ string literal of any bytes, in pieces a compiler is happy with. */
function literal(bytes) {
    const lines = [];
    for (let at = 0; at < bytes.length; at += 64) {
        let line = '';
        for (const b of bytes.subarray(at, at + 64)) {
            const plain = b >= 0x20 && b < 0x7f && b !== 0x22 && b !== 0x5c && b !== 0x3f;
            line += plain ? String.fromCharCode(b) : '\\' + b.toString(8).padStart(3, '0');
        }
        lines.push(`"${line}"`);
    }
    return lines.join('\n    ') || '""';
}

const all = new Set(await filesIn(folder));
const files = [...all].filter((path) => !path.endsWith('.gz')).map((path) => ({ path, name: '/' + relative(folder, path).replaceAll('\\', '/') }));
files.sort((a, b) => (a.name < b.name ? -1 : 1));

const parts = [];
const rows = [];
for (const [i, { path, name }] of files.entries()) {
    const bytes = await readFile(path);
    const packed = all.has(path + '.gz') ? await readFile(path + '.gz') : gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
    const gzip = packed.length < bytes.length ? packed : Buffer.alloc(0);
    const etag = '\\"' + createHash('sha256').update(bytes).digest('base64url').slice(0, 22) + '\\"';
    const mime = MIME[extname(name)];
    if (!mime) throw new Error(`${name}: no type known for it`);
    parts.push(`constexpr char k${i}Bytes[] =\n    ${literal(bytes)};\nconstexpr char k${i}Gzip[] =\n    ${literal(gzip)};`);
    rows.push(
        `    {"${name}", "${mime}", {k${i}Bytes, ${bytes.length}}, {k${i}Gzip, ${gzip.length}}, "${etag}", ${HASHED.test(name)}},`,
    );
}

await writeFile(
    out,
    `// Made by web/embed.mjs from the built web files.
#include "server/ports/assets.h"

#include <algorithm>
#include <array>

namespace server::ports {
namespace {

${parts.join('\n')}

/// Sorted by path.
constexpr std::array<Asset, ${files.length}> kAssets{{
${rows.join('\n')}
}};

} // namespace

const Asset *findAsset(std::string_view path)
{
    const auto *at = std::lower_bound(kAssets.begin(), kAssets.end(), path,
                                      [](const Asset &asset, std::string_view wanted) { return asset.path < wanted; });
    return at != kAssets.end() && at->path == path ? &*at : nullptr;
}

} // namespace server::ports
`,
);
