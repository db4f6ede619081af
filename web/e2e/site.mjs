// A customer's web site on an origin of its own, with the strictest policy the widget promises to live with.
import { once } from 'node:events';
import { createServer } from 'node:http';

const NONCE = 'dGVzdA';

export async function startSite(server, token, { attributes = '', body = '<h1>A page</h1><a href="#x">A link</a>' } = {}) {
    const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A site</title></head><body>${body}
<script async nonce="${NONCE}" src="${server}/w.js" data-website-token="${token}" ${attributes}></script></body></html>`;
    const http = createServer((request, response) => {
        response.writeHead(200, {
            'Content-Type': 'text/html; charset=utf-8',
            'Content-Security-Policy': `default-src 'none'; script-src 'nonce-${NONCE}'; frame-src ${server}`,
        });
        response.end(page);
    }).listen(0, '127.0.0.1');
    await once(http, 'listening');
    return {
        url: `http://127.0.0.1:${http.address().port}/`,
        async stop() {
            http.closeAllConnections();
            http.close();
            await once(http, 'close');
        },
    };
}
