import type { Texts } from '../i18n';
import type { MessageRow } from '../protocol/types';
import type { Bridge, ToFrame } from '../bridge';
import type { Chat } from '../state/chat';
import type { Store } from '../state/storage';
import type { Uploads } from '../state/uploads';
import { brand } from './colors';
import { Composer } from './composer';
import { h, set } from './dom';
import { HeaderView } from './header';
import { icon } from './icons';
import { buildItems } from './items';
import { LogView } from './log';

export interface Parts {
    chat: Chat;
    uploads: Uploads;
    texts: Texts;
    bridge: Bridge;
    drafts: Store;
    theme: 'light' | 'dark' | 'auto';
    open: boolean;
}

const PREVIEW_LENGTH = 140;

/** The frame's page: draws what the chat knows, passes on what the visitor does. */
export class App {
    #header: HeaderView;
    #log: LogView;
    #composer: Composer;
    #banner: HTMLElement;
    #dark = matchMedia('(prefers-color-scheme: dark)');
    #open: boolean;
    #drawing = false;
    #told: { unread: number; ongoing: boolean | null; gone: boolean } = { unread: -1, ongoing: null, gone: false };
    #painted = '';

    constructor(private parts: Parts) {
        const { chat, uploads, texts, bridge, drafts } = parts;
        this.#open = parts.open;
        document.documentElement.lang = texts.locale;
        document.documentElement.dir = texts.dir;
        document.title = texts.t('title');

        this.#header = new HeaderView(texts, bridge.embedded, () => bridge.tell({ k: 'close' }));
        this.#log = new LogView(
            texts,
            { retry: (mid) => chat.retry(mid), discard: (mid) => chat.discard(mid), stale: () => void chat.renewLinks(true), settled: () => undefined },
            () => this.#look(),
        );
        this.#composer = new Composer(texts, uploads, drafts, {
            send: (body, files) => chat.send(body, files),
            typed: (on) => chat.typed(on),
            limit: () => chat.cfg.limits.body,
            uploadLimit: () => chat.cfg.limits.upload,
        });
        this.#banner = h('div', { class: 'banner', role: 'status' });
        const cover = h('div', { class: 'cover', 'aria-hidden': 'true' }, icon('clip', 28), texts.t('drop'));
        document.body.append(h('main', { class: 'app' }, this.#header.element, this.#banner, this.#log.element, this.#composer.element, cover));
        this.#listen();
        this.#draw();
    }

    /** Draws once, soon, however often it is called. By timer: a closed panel gets no animation frames. */
    changed(): void {
        if (this.#drawing) return;
        this.#drawing = true;
        setTimeout(() => {
            this.#drawing = false;
            this.#draw();
        });
    }

    uploadsChanged(): void {
        this.#composer.uploadsChanged();
    }

    heard(message: ToFrame): void {
        if (message.k === 'open') {
            this.#open = true;
            this.#log.toEnd();
            this.focus();
            this.parts.chat.nudge();
            void this.parts.chat.renewLinks();
        } else if (message.k === 'close') {
            this.#open = false;
        }
        this.#look();
    }

    arrived(messages: MessageRow[]): void {
        const last = messages[messages.length - 1];
        if (!last) return;
        const words = last.body || last.att[0]?.name || '';
        this.parts.bridge.tell({ k: 'message', name: last.from?.name ?? this.parts.texts.t('agent'), text: [...words].slice(0, PREVIEW_LENGTH).join('') });
    }

    focus(): void {
        if (!this.parts.chat.gone) this.#composer.focus();
    }

    #draw(): void {
        const { chat, texts } = this.parts;
        const pending = chat.outbox.list();
        const items = buildItems(chat.thread.list(), pending, chat.live || !chat.offline);
        this.#paint();
        this.#header.update(chat.cfg, chat.agentsOnline, !items.length, chat.loaded);
        this.#log.update({ items, typing: chat.typing, closed: chat.thread.closed() && !pending.length, loaded: chat.loaded, now: Date.now() });
        this.#composer.update(chat.cfg.features);
        this.#composer.element.hidden = chat.gone;
        const trouble = chat.gone ? 'gone' : !chat.offline ? null : navigator.onLine ? 'connecting' : 'offline';
        set(this.#banner, 'class', 'banner' + (trouble ? ' ' + trouble : ''));
        if (this.#banner.dataset.shown !== String(trouble)) {
            this.#banner.dataset.shown = String(trouble);
            this.#banner.replaceChildren(...(trouble ? [icon(trouble === 'connecting' ? 'clock' : 'cloud', 16), texts.t(trouble)] : []));
        }
        document.documentElement.dataset.link = chat.live ? 'live' : chat.offline ? 'offline' : 'connecting';
        this.#look();
        this.#report();
    }

    #report(): void {
        const { chat, bridge, texts } = this.parts;
        const unread = chat.thread.unread();
        if (unread !== this.#told.unread) bridge.tell({ k: 'unread', n: (this.#told.unread = unread), text: texts.t('unread', { n: unread }) });
        const ongoing = chat.thread.ongoing() || chat.outbox.next() !== null;
        if (chat.loaded && ongoing !== this.#told.ongoing) bridge.tell({ k: 'ongoing', on: (this.#told.ongoing = ongoing) });
        if (chat.gone && !this.#told.gone) {
            this.#told.gone = true;
            bridge.tell({ k: 'error', code: 'site_unknown' });
        }
    }

    #paint(): void {
        const { chat, theme, bridge, texts } = this.parts;
        const dark = theme === 'dark' || (theme === 'auto' && this.#dark.matches);
        const key = chat.cfg.color + dark;
        if (key === this.#painted) return;
        this.#painted = key;
        set(document.documentElement, 'data-theme', dark ? 'dark' : 'light');
        const colors = brand(chat.cfg.color, dark);
        for (const [name, value] of Object.entries(colors)) document.documentElement.style.setProperty(name, value);
        bridge.tell({ k: 'ready', color: colors['--brand'] ?? '', on: colors['--onBrand'] ?? '', open: texts.t('launcher_open'), title: texts.t('title') });
    }

    #look(): void {
        this.parts.chat.look(this.#open && document.visibilityState === 'visible' && this.#log.atEnd);
    }

    #listen(): void {
        const { chat, bridge } = this.parts;
        const root = document.documentElement;
        addEventListener('online', () => chat.nudge());
        addEventListener('offline', () => this.changed());
        addEventListener('pointerdown', () => chat.nudge(), { passive: true });
        document.addEventListener('visibilitychange', () => {
            if (document.visibilityState === 'visible') {
                chat.nudge();
                void chat.renewLinks();
            }
            this.changed();
        });
        this.#dark.addEventListener('change', () => this.changed());
        document.addEventListener('keydown', (e) => {
            if (e.key !== 'Escape' || e.isComposing || e.defaultPrevented) return;
            if (!this.#composer.escape()) bridge.tell({ k: 'close' });
        });
        addEventListener('dragover', (e) => {
            if (!e.dataTransfer?.types.includes('Files')) return;
            e.preventDefault();
            root.classList.add('dragging');
        });
        addEventListener('dragleave', (e) => {
            if (!e.relatedTarget) root.classList.remove('dragging');
        });
        addEventListener('drop', (e) => {
            root.classList.remove('dragging');
            if (!e.dataTransfer?.files.length) return;
            e.preventDefault();
            this.#composer.addFiles(e.dataTransfer.files);
        });
        setInterval(() => this.changed(), 60_000);
    }
}
