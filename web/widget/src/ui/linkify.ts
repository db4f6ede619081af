export interface Piece {
    text: string;
    href?: string;
}

const CANDIDATE = /(?:https?:\/\/|mailto:|www\.)[^\s<>"'`\u0000-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069]+|[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi;
const TRAILING = /[.,;:!?'"*_~)\]}>…。，、！？]$/;
const OPENING: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

/** Splits a text at what reads as a link. Only http, https and mailto ever come out as one. */
export function linkify(text: string): Piece[] {
    const pieces: Piece[] = [];
    let done = 0;
    for (const match of text.matchAll(CANDIDATE)) {
        const start = match.index ?? 0;
        const before = start > 0 ? text[start - 1]! : '';
        if (start < done || /[\p{L}\p{N}_/@.]/u.test(before)) continue;
        const shown = trim(match[0]);
        const href = target(shown);
        if (!href) continue;
        if (start > done) pieces.push({ text: text.slice(done, start) });
        pieces.push({ text: shown, href });
        done = start + shown.length;
    }
    if (done < text.length) pieces.push({ text: text.slice(done) });
    return pieces;
}

/** Without the punctuation of the sentence around it; a closing bracket stays when it was opened inside. */
function trim(link: string): string {
    while (TRAILING.test(link)) {
        const last = link[link.length - 1]!;
        const opening = OPENING[last];
        if (opening && link.split(opening).length >= link.split(last).length) break;
        link = link.slice(0, -1);
    }
    return link;
}

function target(shown: string): string | null {
    const full = /^www\./i.test(shown) ? 'https://' + shown : /^(https?:\/\/|mailto:)/i.test(shown) ? shown : 'mailto:' + shown;
    try {
        const url = new URL(full);
        if (url.protocol === 'mailto:') return url.pathname.includes('@') ? url.href : null;
        if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
        return url.hostname.includes('.') || url.hostname === 'localhost' || url.hostname.startsWith('[') ? url.href : null;
    } catch {
        return null;
    }
}

const BIG_EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\s){1,24}$/u;

/** A few emoji and nothing else: shown large. */
export function onlyEmoji(text: string): boolean {
    return BIG_EMOJI.test(text) && /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(text) && [...text].filter((c) => /\p{Extended_Pictographic}/u.test(c)).length <= 3;
}
