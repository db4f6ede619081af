// The identity recipes of docs/widget.md, run as they stand there, against values that are known from elsewhere.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const docs = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../docs/widget.md'), 'utf8');
// The first: the example of the HMAC article that every library tests itself with.
const VECTORS = [
    ['key', 'The quick brown fox jumps over the lazy dog', 'f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8'],
    ['Jefe', 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
    ['Schlüssel', 'Zoë 日本 "1" \\ <b>', null],
];
const NOW = 1_767_190_000;

let folder;
before(() => (folder = mkdtempSync(join(tmpdir(), 'deskbell-recipes-'))));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What a recipe's program says: the hash and the token, a line each. Secret and identifier come as arguments. */
const WAYS = {
    node: { file: 'r.mjs', run: ['node'], wrap: (code) => `${code}\nconst [, , s, i] = process.argv;\nconsole.log(identifierHash(s, i) + '\\n' + identityJwt(s, i, ${NOW}));` },
    python3: { file: 'r.py', run: ['python3'], wrap: (code) => `${code}\nimport sys\ns, i = sys.argv[1:]\nprint(identifier_hash(s, i))\nprint(identity_jwt(s, i, ${NOW}))\n` },
    php: { file: 'r.php', run: ['php'], wrap: (code) => `<?php\n${code}\necho identifier_hash($argv[1], $argv[2]), "\\n", identity_jwt($argv[1], $argv[2], ${NOW}), "\\n";` },
    ruby: { file: 'r.rb', run: ['ruby', '-Eutf-8'], wrap: (code) => `${code}\nputs identifier_hash(*ARGV)\nputs identity_jwt(*ARGV, ${NOW})\n` },
    perl: {
        file: 'r.pl', run: ['perl'],
        wrap: (code) => `use strict; use warnings;\n${code}\nmy ($s, $i) = map { Encode::decode('UTF-8', $_) } @ARGV;\nprint identifier_hash($s, $i), "\\n", identity_jwt($s, $i, ${NOW}), "\\n";`,
    },
    go: {
        file: 'r.go', run: ['go', 'run'],
        wrap: (code) => `package main\n${code.replace('import (', 'import (\n\t"fmt"\n\t"os"')}\nfunc main() { fmt.Println(IdentifierHash(os.Args[1], os.Args[2])); fmt.Println(IdentityJWT(os.Args[1], os.Args[2], ${NOW})) }`,
    },
    java: {
        file: 'R.java', run: ['java'],
        // A file that java runs begins with the class that is run.
        wrap: (code) => code.replace('class Identity {', `class R { public static void main(String[] a) throws Exception { System.out.println(Identity.hash(a[0], a[1])); System.out.println(Identity.jwt(a[0], a[2])); } }\nclass Identity {`),
    },
};

function recipe(name) {
    const found = docs.match(new RegExp(`<!-- recipe: ${name} -->\\n\`\`\`\\w+\\n([^]*?)\`\`\``));
    assert.ok(found, `docs/widget.md has a recipe for ${name}`);
    return found[1];
}

const isThere = (program) => {
    const found = spawnSync(program, [program === 'go' ? 'version' : '--version']);
    return !found.error && found.status === 0;
};

for (const [name, way] of Object.entries(WAYS)) {
    test(`${name} makes the right hash and a token that holds`, { skip: !isThere(way.run[0]) && `${way.run[0]} is not on this machine` }, () => {
        const path = join(folder, way.file);
        writeFileSync(path, way.wrap(recipe(name)));
        for (const [secret, identifier, known] of VECTORS) {
            const claims = JSON.stringify({ sub: identifier, exp: NOW + 600 });
            const { stdout, stderr, status } = spawnSync(way.run[0], [...way.run.slice(1), path, secret, identifier, ...(name === 'java' ? [claims] : [])], {
                encoding: 'utf8', timeout: 120_000,
                env: { ...process.env, LC_ALL: 'C.UTF-8', HOME: folder, GOCACHE: join(folder, 'go'), GO111MODULE: 'off', JAVA_TOOL_OPTIONS: '-Dsun.jnu.encoding=UTF-8 -Dstdout.encoding=UTF-8' },
            });
            assert.equal(status, 0, stderr);
            const [hash, token] = stdout.trim().split('\n');
            assert.equal(hash, createHmac('sha256', secret).update(identifier).digest('hex'));
            if (known) assert.equal(hash, known);
            const [head, body, signature] = token.split('.');
            assert.equal(signature, createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url'));
            assert.equal(JSON.parse(Buffer.from(head, 'base64url')).alg, 'HS256');
            assert.deepEqual(JSON.parse(Buffer.from(body, 'base64url')), { sub: identifier, exp: NOW + 600 });
        }
    });
}

test('the recipe that is only read is there', () => assert.match(recipe('csharp'), /HMACSHA256\.HashData/));
