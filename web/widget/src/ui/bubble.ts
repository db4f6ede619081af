import type { Attachment } from '../protocol/types';
import type { Texts } from '../i18n';
import { avatar } from './avatar';
import { arrange, h, set } from './dom';
import { icon } from './icons';
import type { Bubble } from './items';
import { linkify, onlyEmoji } from './linkify';

export interface BubbleActions {
    retry(mid: string): void;
    discard(mid: string): void;
    /** A signed link seems to have run out. */
    stale(): void;
    /** Something has taken its place and size. */
    settled(): void;
}

const SHOWN_AS_IMAGE = /^image\/(png|jpeg|gif|webp|avif)$/;

/** One message on screen. Updating keeps the element, so that a screen reader does not hear it twice. */
export class BubbleView {
    readonly element: HTMLElement;
    #face: HTMLElement;
    #body: HTMLElement;
    #files: HTMLElement;
    #foot: HTMLElement;
    #bodyShown: string | null = null;
    #filesShown = '';
    #footShown = '';
    #faceShown: string | null = null;

    constructor(private texts: Texts, private actions: BubbleActions) {
        this.#face = h('div', { class: 'face' });
        this.#body = h('div', { class: 'text', dir: 'auto' });
        this.#files = h('div', { class: 'files' });
        this.#foot = h('div', { class: 'foot' });
        this.element = h('div', { class: 'row' }, this.#face, h('div', { class: 'stack' }, this.#body, this.#files, this.#foot));
    }

    update(b: Bubble): void {
        const classes = ['row', b.own ? 'own' : 'other', b.state, b.first && 'first', b.last && 'last'];
        set(this.element, 'class', classes.filter(Boolean).join(' '));
        set(this.element, 'data-id', b.key);
        set(this.element, 'data-dir', b.own ? 'in' : 'out');
        set(this.element, 'data-state', b.state);
        this.#showFace(b);
        this.#showBody(b);
        this.#showFiles(b.att);
        this.#showFoot(b);
    }

    #showFace(b: Bubble): void {
        const name = b.name ?? this.texts.t('agent');
        const shown = b.own || !b.last ? '' : name + (b.avatar ?? '');
        if (shown === this.#faceShown) return;
        this.#faceShown = shown;
        this.#face.replaceChildren(...(shown ? [avatar(name, b.avatar)] : []));
    }

    #showBody(b: Bubble): void {
        if (b.body === this.#bodyShown) return;
        this.#bodyShown = b.body;
        const speaker = b.own ? this.texts.t('you') : (b.name ?? this.texts.t('agent'));
        const parts: Node[] = [];
        for (const piece of linkify(b.body)) {
            if (!piece.href) parts.push(document.createTextNode(piece.text));
            else parts.push(h('a', { href: piece.href, target: '_blank', rel: 'noopener noreferrer nofollow' }, piece.text));
        }
        this.#body.hidden = !b.body;
        this.#body.classList.toggle('big', onlyEmoji(b.body));
        this.#body.replaceChildren(h('span', { class: 'sr' }, speaker + ': '), h('span', { class: 'words' }, ...parts));
    }

    #showFiles(att: Attachment[]): void {
        const shown = JSON.stringify(att);
        if (shown === this.#filesShown) return;
        this.#filesShown = shown;
        this.#files.hidden = !att.length;
        arrange(this.#files, att.map((a) => (a.url && SHOWN_AS_IMAGE.test(a.mime) ? this.#picture(a) : this.#card(a))));
    }

    #picture(a: Attachment): HTMLElement {
        const size = a.w && a.h ? { width: a.w, height: a.h } : {};
        const image = h('img', {
            src: a.thumb ?? a.url, alt: a.name, loading: 'lazy', decoding: 'async', ...size,
            onload: () => this.actions.settled(),
            onerror: () => {
                link.replaceWith(this.#card(a));
                this.actions.stale();
            },
        });
        const link = h('a', { class: 'picture', href: a.url, target: '_blank', rel: 'noopener' }, image);
        return link;
    }

    #card(a: Attachment): HTMLElement {
        const inside = [
            h('span', { class: 'kind' }, icon(a.mime.startsWith('image/') ? 'image' : 'file') as unknown as Node),
            h('span', { class: 'about' }, fileName(a.name), h('span', { class: 'size' }, this.texts.size(a.size))),
        ];
        if (!a.url) return h('div', { class: 'card' }, ...inside);
        const label = this.texts.t('download', { name: a.name });
        return h(
            'a', { class: 'card', href: a.url, download: a.name, target: '_blank', rel: 'noopener', 'aria-label': label },
            ...inside, h('span', { class: 'save' }, icon('save', 18)),
        );
    }

    #showFoot(b: Bubble): void {
        const time = this.texts.time(b.at);
        const shown = [b.state, b.refused, b.last, b.tail, time, b.own ? '' : b.name].join('|');
        if (shown === this.#footShown) return;
        this.#footShown = shown;
        const t = this.#t;
        if (b.state === 'failed') {
            const why = b.refused === 'blocked' || b.refused === 'too_long' || b.refused === 'upload_missing' ? t(b.refused) : null;
            this.#foot.replaceChildren(
                h('button', { class: 'again', type: 'button', onclick: () => this.actions.retry(b.key) }, icon('retry', 14), t('failed')),
                h('button', { class: 'discard', type: 'button', onclick: () => this.actions.discard(b.key) }, t('discard')),
                why ? h('span', { class: 'why' }, why) : '',
            );
        } else if (b.state !== 'sent') {
            this.#foot.replaceChildren(icon('clock', 13), h('span', {}, t(b.state)));
        } else if (b.tail) {
            this.#foot.replaceChildren(h('span', {}, `${t('sent')} · ${time}`), icon('check', 13));
        } else if (b.last) {
            const who = b.own ? '' : h('bdi', {}, b.name ?? t('agent'));
            this.#foot.replaceChildren(who, h('span', {}, (b.own ? '' : '· ') + time));
        } else {
            this.#foot.replaceChildren();
        }
        this.#foot.hidden = !this.#foot.firstChild;
    }

    #t = (key: Parameters<Texts['t']>[0]): string => this.texts.t(key);
}

/** A name that keeps its ending visible when it is cut. */
export function fileName(name: string): HTMLElement {
    const letters = [...name];
    const dot = letters.lastIndexOf('.');
    const cut = dot > 12 && letters.length - dot <= 8 ? dot - 4 : letters.length;
    const part = (from: number, to?: number): string => letters.slice(from, to).join('');
    return h('bdi', { class: 'name', title: name }, h('span', { class: 'stem' }, part(0, cut)), h('span', { class: 'ending' }, part(cut)));
}
