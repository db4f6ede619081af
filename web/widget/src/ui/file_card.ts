import type { Texts } from '../i18n';
import { fileSize } from '../i18n/format';
import type { Attachment } from '../protocol/types';
import { adopt } from './extra';
import { h } from './dom';
import { picture } from './icons_more';

const SHOWN_AS_IMAGE = /^image\/(png|jpeg|gif|webp|avif)$/;
const HEARD = /^audio\/(webm|ogg|mp4|mpeg|wav|x-wav|aac|x-m4a)$/;

/** The files of a message: pictures to look at, sounds to hear, all else to take. */
export function fileCards(texts: Texts, att: Attachment[], stale: () => void, settled: () => void): HTMLElement[] {
    adopt();
    return att.map((a) => (a.url && SHOWN_AS_IMAGE.test(a.mime) ? image(a) : a.url && HEARD.test(a.mime) ? sound(a, a.url) : card(a)));

    function image(a: Attachment): HTMLElement {
        const size = a.w && a.h ? { width: a.w, height: a.h } : {};
        const img = h('img', {
            src: a.thumb ?? a.url, alt: a.name, loading: 'lazy', decoding: 'async', ...size,
            onload: settled,
            onerror: () => {
                link.replaceWith(card(a));
                stale();
            },
        });
        const link = h('a', { class: 'picture', href: a.url, target: '_blank', rel: 'noopener' }, img);
        return link;
    }

    function sound(a: Attachment, url: string): HTMLElement {
        const player = h('audio', {
            controls: true, preload: 'none', src: url, 'aria-label': a.name,
            onerror: () => {
                player.replaceWith(card(a));
                stale();
            },
        });
        return player;
    }

    function card(a: Attachment): HTMLElement {
        const inside = [
            h('span', { class: 'kind' }, picture(a.mime.startsWith('image/') ? 'image' : 'file') as unknown as Node),
            h('span', { class: 'about' }, fileName(a.name), h('span', { class: 'size' }, fileSize(texts, a.size))),
        ];
        if (!a.url) return h('div', { class: 'card' }, ...inside);
        const label = texts.t('download', { name: a.name });
        return h('a', { class: 'card', href: a.url, download: a.name, target: '_blank', rel: 'noopener', 'aria-label': label }, ...inside, h('span', { class: 'save' }, picture('save', 18)));
    }
}

/** A name that keeps its ending visible when it is cut. */
export function fileName(name: string): HTMLElement {
    const letters = [...name];
    const dot = letters.lastIndexOf('.');
    const cut = dot > 12 && letters.length - dot <= 8 ? dot - 4 : letters.length;
    const part = (from: number, to?: number): string => letters.slice(from, to).join('');
    return h('bdi', { class: 'name', title: name }, h('span', { class: 'stem' }, part(0, cut)), h('span', { class: 'ending' }, part(cut)));
}
