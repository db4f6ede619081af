import type { Attachment } from '../protocol/types';
import type { Texts } from '../i18n';
import type { Chat } from '../state/chat';
import { avatar } from './avatar';
import { arrange, h, set } from './dom';
import { icon } from './icons';
import type { Bubble } from './items';
import { parts, type Lazy } from './lazy';
import { linkify, onlyEmoji } from './linkify';

export interface BubbleActions {
    retry(mid: string): void;
    discard(mid: string): void;
    /** A signed link seems to have run out. */
    stale(): void;
    /** Something has taken its place and size. */
    settled(): void;
    /** The next message is to answer this one; absent where that cannot be. */
    reply: ((b: Bubble) => void) | null;
    postback(payload: string, message: string): void;
    chat: Chat;
    /** Links get a card made of the link itself. */
    previews(): boolean;
}

const WHYS = ['blocked', 'too_long', 'upload_missing', 'closed', 'pre_chat'] as const;

/** One message on screen. Updating keeps the element, so that a screen reader does not hear it twice. */
export class BubbleView {
    readonly element: HTMLElement;
    #face: HTMLElement;
    #body: HTMLElement;
    #quote: HTMLElement;
    #files: HTMLElement;
    #content: HTMLElement;
    #foot: HTMLElement;
    #reply: HTMLButtonElement;
    #bubble: Bubble | null = null;
    #contentShown = '';
    #quoteShown = '';
    #bodyShown: string | null = null;
    #filesShown = '';
    #footShown = '';
    #faceShown: string | null = null;

    constructor(private texts: Texts, private lazy: Lazy, private actions: BubbleActions) {
        this.#face = h('div', { class: 'face' });
        this.#body = h('div', { class: 'text', dir: 'auto' });
        this.#quote = h('div', { class: 'said', hidden: true });
        this.#files = h('div', { class: 'files' });
        this.#content = h('div', { class: 'content' });
        this.#foot = h('div', { class: 'foot' });
        const label = texts.t('reply');
        this.#reply = h('button', { type: 'button', class: 'knob answer', 'aria-label': label, title: label, hidden: true, onclick: () => this.actions.reply?.(this.#bubble!) }, icon('reply', 16));
        this.element = h('div', { class: 'row' }, this.#face, h('div', { class: 'stack' }, this.#quote, this.#body, this.#files, this.#content, this.#foot), this.#reply);
    }

    update(b: Bubble): void {
        const classes = ['row', b.own ? 'own' : 'other', b.state, b.first && 'first', b.last && 'last', b.deleted && 'gone'];
        set(this.element, 'class', classes.filter(Boolean).join(' '));
        set(this.element, 'data-id', b.key);
        set(this.element, 'data-dir', b.own ? 'in' : 'out');
        set(this.element, 'data-state', b.state);
        this.#showFace(b);
        this.#showBody(b);
        this.#bubble = b;
        this.#showQuote(b);
        this.#showFiles(b.att);
        this.#showContent(b);
        this.#showFoot(b);
        this.#reply.hidden = b.own || !!b.deleted || !this.actions.reply || !b.body;
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
        const words: Node[] = [];
        let card: HTMLElement | null = null;
        for (const { text, href } of linkify(b.body)) {
            const link = (cls: string | null, ...inside: (Node | string)[]): HTMLElement =>
                h('a', { class: cls, href, target: '_blank', rel: 'noopener noreferrer nofollow' }, ...inside);
            words.push(href ? link(null, text) : document.createTextNode(text));
            if (href?.startsWith('http') && this.actions.previews()) card ??= link('preview', h('b', {}, new URL(href).hostname), h('bdi', { class: 'line' }, pathOf(href)));
        }
        this.#body.hidden = !b.body;
        this.#body.classList.toggle('big', onlyEmoji(b.body));
        this.#body.replaceChildren(h('span', { class: 'sr' }, speaker + ': '), h('span', { class: 'words' }, ...words), card ?? '');
    }

    #showFiles(att: Attachment[]): void {
        const shown = JSON.stringify(att);
        if (shown === this.#filesShown) return;
        this.#filesShown = shown;
        this.#files.hidden = !att.length;
        if (!att.length) return this.#files.replaceChildren();
        void this.lazy.get(parts.cards).then((part) => {
            if (this.#filesShown === shown) arrange(this.#files, part.fileCards(this.texts, att, () => this.actions.stale(), () => this.actions.settled()));
            this.actions.settled();
        });
    }

    /** What is more than text comes as a part of its own; until then, and where it is not known, the text stands alone. */
    #showContent(b: Bubble): void {
        const shown = b.type ? JSON.stringify([b.type, b.extras]) : '';
        if (shown === this.#contentShown) return;
        this.#contentShown = shown;
        if (!shown) return this.#content.replaceChildren();
        void this.lazy.get(parts.content).then((part) => {
            if (this.#contentShown === shown) {
                const made = part.content(this.texts, this.actions.chat, b.key, b.type!, b.extras ?? {}, this.actions);
                this.#content.replaceChildren(...(made ? [made] : []));
            }
            this.actions.settled();
        });
    }

    #showQuote(b: Bubble): void {
        const shown = b.quote ? b.quote.key + b.quote.name + b.quote.text : '';
        if (shown === this.#quoteShown) return;
        this.#quoteShown = shown;
        const { quote } = b;
        this.#quote.hidden = !quote;
        if (quote) this.#quote.replaceChildren(h('span', { class: 'quoted' }, h('b', { dir: 'auto' }, quote.name), h('bdi', { class: 'line' }, quote.text)));
    }

    #showFoot(b: Bubble): void {
        const time = this.texts.time(b.at);
        const shown = [b.state, b.refused, b.last, b.tail, time, b.own ? '' : b.name].join('|');
        if (shown === this.#footShown) return;
        this.#footShown = shown;
        const t = this.#t;
        if (b.state === 'failed') {
            const why = WHYS.find((key) => key === b.refused);
            const because = h('span', { class: 'why' });
            if (why) void this.texts.more().then(() => (because.textContent = t(why)), () => undefined);
            this.#foot.replaceChildren(
                h('button', { class: 'again', type: 'button', onclick: () => this.actions.retry(b.key) }, icon('retry', 14), t('failed')),
                h('button', { class: 'discard', type: 'button', onclick: () => this.actions.discard(b.key) }, t('discard')),
                because,
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

/** The way a link points, in letters where it spells some. */
function pathOf(href: string): string {
    const { pathname } = new URL(href);
    try {
        return decodeURI(pathname);
    } catch {
        return pathname;
    }
}
