// A customer's web site on an origin of its own: pages by path, each with headers of its own.
import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * `pages`: path → html, or {html, headers}; a path that is not there is answered with `pages['/']`.
 * `host`: "localhost" makes it another site than the server's 127.0.0.1, not only another origin.
 */
export async function hostSite(pages, { host = '127.0.0.1' } = {}) {
    const http = createServer((request, response) => {
        const path = new URL(request.url, 'http://x').pathname;
        const page = pages[path] ?? pages['/'];
        const { html, headers = {} } = typeof page === 'string' ? { html: page } : page;
        response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
        response.end(html);
    }).listen(0, '127.0.0.1');
    await once(http, 'listening');
    return {
        url: `http://${host}:${http.address().port}/`,
        async stop() {
            http.closeAllConnections();
            http.close();
            await once(http, 'close');
        },
    };
}

/** A page with this before the end of its body. */
export const page = (inside, { lang = 'en', title = 'A site' } = {}) =>
    `<!doctype html><html lang="${lang}" dir="${lang === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>` +
    `<body><h1>${title}</h1><p>Words of the page.</p>${inside}</body></html>`;

export const tag = (server, token, attributes = '') => `<script async src="${server}/w.js" data-website-token="${token}" ${attributes}></script>`;

/** The snippet that sites of the field's product carry, its host changed and nothing else. */
export const dropIn = (server, token, settings = {}) => `<script>
  window.chatwootSettings = ${JSON.stringify(settings)};
  (function(d,t) {
    var BASE_URL="${server}";
    var g=d.createElement(t),s=d.getElementsByTagName(t)[0];
    g.src=BASE_URL+"/packs/js/sdk.js";
    g.async = true;
    s.parentNode.insertBefore(g,s);
    g.onload=function(){
      window.chatwootSDK.run({ websiteToken: '${token}', baseUrl: BASE_URL })
    }
  })(document,"script");
</script>`;

/** The same in Deskbell's own words. */
export const ownSnippet = (server, token, settings = {}) =>
    dropIn(server, token, settings).replace('chatwootSettings', 'deskbellSettings').replace('chatwootSDK', 'deskbellSDK').replace('/packs/js/sdk.js', '/sdk.js');
