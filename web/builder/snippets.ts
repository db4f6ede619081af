/** What was chosen, by the names of the settings; only what differs from what the chat does by itself. */
export type Chosen = Record<string, string | boolean>;

const attribute = (name: string): string => 'data-' + name.replace(/[A-Z]/g, (c) => '-' + c.toLowerCase());
const quoted = (text: string): string => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
/** A script's text may not hold what ends the script. */
const literal = (value: unknown): string => JSON.stringify(value, null, 2).replace(/</g, '\\u003c');

const attributes = (chosen: Chosen): string =>
    Object.entries(chosen).map(([name, value]) => ` ${attribute(name)}="${quoted(String(value))}"`).join('');

export function tagSnippet(base: string, token: string, chosen: Chosen): string {
    return `<script async src="${quoted(base)}w.js" data-website-token="${quoted(token)}"${attributes(chosen)}></script>`;
}

export function settingsSnippet(base: string, token: string, chosen: Chosen): string {
    return `<script>
  window.deskbellSettings = ${literal(chosen).replace(/\n/g, '\n  ')};
</script>
${tagSnippet(base, token, {})}`;
}

export function npmSnippet(base: string, token: string, chosen: Chosen): string {
    const options = { baseUrl: base.replace(/\/$/, ''), websiteToken: token, ...(Object.keys(chosen).length ? { settings: chosen } : {}) };
    return `import { loadDeskbell } from '@deskbell/widget';

const chat = await loadDeskbell(${JSON.stringify(options, null, 2)});`;
}
