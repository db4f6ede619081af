import { h } from './dom';

const TINTS = 7;

/** One or two letters for a name, whole characters of any script. */
export function initials(name: string): string {
    const words = name.trim().split(/\s+/).filter((w) => /[\p{L}\p{N}]/u.test(w));
    const first = (w: string | undefined): string => [...(w ?? '')].find((c) => /[\p{L}\p{N}]/u.test(c)) ?? '';
    const last = words.length > 1 ? first(words[words.length - 1]) : '';
    return (first(words[0]) + last).toLocaleUpperCase() || '•';
}

export function tint(name: string): number {
    let hash = 0;
    for (const c of name) hash = (hash * 31 + c.codePointAt(0)!) >>> 0;
    return hash % TINTS;
}

export function avatar(name: string, url: string | null, letters = initials(name)): HTMLElement {
    const element = h('span', { class: 'avatar tint' + tint(name), 'aria-hidden': 'true' }, letters);
    if (url) {
        const image = h('img', { src: url, alt: '', onerror: () => image.remove() });
        element.append(image);
    }
    return element;
}
