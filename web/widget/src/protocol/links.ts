import { text } from './decode';

/** A link that may leave: http and https, for links also mailto and tel; all else is nothing. */
export function outLink(v: unknown, media = false): string | null {
    try {
        const url = new URL(text(v));
        return (media ? /^https?:$/ : /^(https?|mailto|tel):$/).test(url.protocol) ? url.href : null;
    } catch {
        return null;
    }
}
