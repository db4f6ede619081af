import type { SessionReply } from './link';
import { decodeSession } from './decode';

export interface PageInfo {
    url: string;
    title: string;
    locale: string;
}

const ANSWER_MS = 15_000;

export const base = (): string => new URL('./', location.href).href;

export const socketUrl = (): string => base().replace(/^http/, 'ws') + 'w/v1/ws';

/** POST /w/v1/session, with who the page says the visitor is, when it does. Never throws. */
export async function startSession(site: string, token: string | null, page: PageInfo, identity?: unknown, pow?: unknown): Promise<SessionReply> {
    try {
        const response = await fetch(base() + 'w/v1/session', {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            credentials: 'omit',
            signal: AbortSignal.timeout(ANSWER_MS),
            body: JSON.stringify({ site, ...(token ? { token } : {}), page, identity, pow }),
        });
        if (response.status === 404) return { kind: 'gone' };
        if (response.status === 429) {
            const seconds = Number(response.headers.get('Retry-After'));
            return { kind: 'wait', ms: Math.min(300, Math.max(1, seconds || 15)) * 1000 };
        }
        const body: unknown = await response.json();
        if (response.status === 428 && !pow) {
            const { solve } = await import('./pow');
            return startSession(site, token, page, identity, await solve(body));
        }
        if (identity && response.status < 500 && !response.ok) return { kind: 'refused', code: String((body as { code?: unknown }).code) };
        const answer = response.ok ? decodeSession(body) : null;
        return answer ? { kind: 'ok', answer } : { kind: 'failed' };
    } catch {
        return { kind: 'failed' };
    }
}
