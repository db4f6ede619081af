import type { Opening, PageMessage, Theme, ToFrame } from '../../bridge_messages';
import type { Bridge } from '../bridge';
import type { Texts } from '../i18n';
import type { Config, MessageRow } from '../protocol/types';
import type { Chat } from '../state/chat';
import type { Store } from '../state/storage';
import { brand } from './colors';
import { Composer } from './composer';
import { h, set } from './dom';
import { HeaderView } from './header';
import type { HomeModel, HomeView } from './home';
import { icon } from './icons';
import { fetchAhead, Lazy, parts } from './lazy';
import type { LogView } from './log';
import type { DropView } from './drop';
import type { Screens } from './screens';

export interface Parts {
    chat: Chat;
    texts: Texts;
    bridge: Bridge;
    /** What outlives the tab, and what does not. */
    store: Store;
    drafts: Store;
    opening: Opening;
    open: boolean;
    id(): string;
    popout(): void;
}

/** A screen that came later. */
interface Page {
    element: HTMLElement;
    focus(): void;
}

export type Screen = 'home' | 'form' | 'chat' | 'history';

/** Which conversation the chat shows: those that go on, one that is about to begin, or one by its id. */
type Focus = null | 'start' | { conv: string };

const PREVIEW_LENGTH = 140;
/** As many messages of a conversation come by themselves. */
const RECENT = 30;
const NEXT_SCREEN_MS = 1_000;
const FETCH_AHEAD_MS = 4_000;

/** The frame's page: draws what the chat knows, passes on what the visitor does, leads from screen to screen. */
export class App {
    #lazy: Lazy;
    #header: HeaderView;
    #home: HomeView | null = null;
    #log: LogView | null = null;
    #drop: DropView | null = null;
    #composer: Composer;
    #banner: HTMLElement;
    #stage: HTMLElement;
    /** What stands there until the screen has come. */
    #wait: HTMLElement;
    #page: Page | null = null;
    #screens: Screens | null = null;
    /** Counts what the visitor asked for: what comes for an earlier wish comes too late. */
    #wish = 0;
    /** Back leads to the list of conversations. */
    #listed = false;
    #dark = matchMedia('(prefers-color-scheme: dark)');
    open: boolean;
    #screen: Screen;
    #focus: Focus = null;
    #fresh = false;
    /** The message that waits to be stored begins a conversation. */
    #begins = false;
    /** The screen was chosen, by the visitor or for a conversation that goes on. */
    #settled: boolean;
    #more = new Map<string, boolean>();
    #drawing = false;
    #gone = new AbortController();
    #theme: Theme;
    #campaign: MessageRow | null = null;
    #told: { unread: number; ongoing: boolean | null; gone: boolean; campaigns: string } = { unread: -1, ongoing: null, gone: false, campaigns: '[]' };
    #painted = '';
    #restShown = '';

    constructor(private parts: Parts) {
        const { chat, texts, bridge, drafts, store } = parts;
        this.open = parts.open;
        this.#theme = parts.opening.theme;
        document.documentElement.lang = texts.locale;
        document.documentElement.dir = texts.dir;
        document.title = texts.t('title');
        this.#settled = store.get('ongoing') === '1' || !!chat.outbox.list().length;
        this.#screen = this.#settled ? 'chat' : 'home';

        this.#lazy = new Lazy(texts, this.#gone.signal, () => this.changed());
        this.#header = new HeaderView(texts, bridge.embedded, {
            back: () => this.go(this.#screen === 'chat' && this.#listed ? 'history' : 'home'),
            menu: (button) => void this.#lead((screens) => screens.menu(button), true),
            close: () => bridge.tell({ k: 'close' }),
        });
        this.#composer = new Composer(texts, this.#lazy, drafts, {
            send: (body, files, reply_to) => this.#send(body, files, reply_to),
            typed: (on) => chat.typed(on, this.#focus && this.#focus !== 'start' ? this.#focus.conv : undefined),
            limit: () => chat.cfg.limits.body,
            uploads: { id: parts.id, token: () => chat.token, limit: () => chat.cfg.limits.upload, after: (ms, run) => void setTimeout(run, ms) },
        });
        this.#banner = h('div', { class: 'banner', role: 'status' });
        this.#stage = h('div', { class: 'stage' });
        this.#wait = h('p', { class: 'wait', role: 'status' }, texts.t('loading'));
        document.documentElement.classList.toggle('flat', parts.opening.settings.widgetStyle === 'flat');
        document.body.replaceChildren(h('main', { class: 'app' }, this.#header.element, this.#banner, this.#stage, this.#composer.element));
        this.#listen();
        this.#draw();
    }

    /** Draws once, soon, however often it is called. By timer: a closed panel gets no animation frames. */
    changed(): void {
        if (this.#drawing) return;
        this.#drawing = true;
        setTimeout(() => {
            this.#drawing = false;
            if (!this.#gone.signal.aborted) this.#draw();
        });
    }

    heard(message: ToFrame): void {
        if (message.k === 'open') {
            this.open = true;
            this.#log?.toEnd();
            this.focus();
            this.parts.chat.nudge();
            void this.parts.chat.renewLinks();
        } else if (message.k === 'close') {
            this.open = false;
        } else if (message.k === 'campaign') {
            void this.#answer(message.id);
        }
        this.#look();
    }

    /** Lets go of the page, for another one to be drawn: another language, another visitor. */
    leave(): void {
        this.#gone.abort();
    }

    dress(theme: Theme): void {
        this.#theme = theme;
        this.changed();
    }

    /** The visitor took up a teaser: its message stands above what they write. */
    async #answer(id: string): Promise<void> {
        const { chat } = this.parts;
        const part = await this.#lazy.get(parts.campaigns);
        const row = part.campaignRow(chat.cfg.campaigns, id);
        if (!row || this.#ongoing) return;
        this.#campaign = row;
        chat.beginning({ campaign: id });
        this.begin();
    }

    arrived(messages: MessageRow[]): void {
        for (const row of messages) this.#tellMessage(row);
    }

    /** A message of ours is stored: the conversation that was about to begin has its name now. */
    started(row: MessageRow, again: boolean): void {
        const { chat, bridge } = this.parts;
        if (this.#begins) bridge.tell({ k: 'started', conv: row.conv, again });
        this.#begins = false;
        this.#tellMessage(row);
        if (this.#focus !== 'start') return;
        const others = [...chat.thread.current()].some((id) => id !== row.conv);
        this.#focus = others ? { conv: row.conv } : null;
        this.#campaign = null;
    }

    #tellMessage(row: MessageRow): void {
        const { texts, bridge } = this.parts;
        const { id, conv, dir, body, at, from } = row;
        const message: PageMessage = { id, conv, dir, body, at, from, att: row.att.map(({ name, mime, size, url }) => ({ name, mime, size, url })) };
        if (row.type) Object.assign(message, { content_type: row.type, content_attributes: row.extras });
        const words = [...(body || row.att[0]?.name || '')].slice(0, PREVIEW_LENGTH).join('');
        bridge.tell({ k: 'message', name: from?.name ?? texts.t(dir === 'in' ? 'you' : 'agent'), text: words, avatar: from?.avatar ?? null, message });
    }

    focus(): void {
        if (this.parts.chat.gone) return;
        if (!this.#composer.element.hidden && !matchMedia('(pointer: coarse)').matches) this.#composer.focus();
        else if (this.#screen === 'home') this.#home?.focus();
        else this.#header.heading.focus();
    }

    /** To another screen; its heading, or where one writes, takes the focus. */
    go(screen: Screen): void {
        ++this.#wish;
        this.#screen = screen;
        this.#settled = true;
        this.#page = null;
        this.#listed = screen === 'history' || (screen === 'chat' && this.#listed && !!this.#focus);
        if (screen === 'home') this.#focus = null;
        if (screen === 'history') void this.#lead((screens) => this.#turn(screens.history()));
        if (screen === 'form') void this.#lead((screens) => this.#turn(screens.form()));
        this.#draw();
        this.focus();
    }

    /** With the screens that come later, unless the visitor wants something else by then. */
    async #lead(run: (screens: Screens) => void, soon = false): Promise<void> {
        const wish = ++this.#wish;
        const part = await (soon ? this.#lazy.soon(parts.screens) : this.#lazy.get(parts.screens));
        if (!part || wish !== this.#wish) return;
        this.#screens ??= new part.Screens({
            ...this.parts,
            written: () => this.#composer.value,
            features: () => this.#cfg.features,
            consents: () => this.#consents,
            one: () => this.#one,
            start: (values, message) => {
                this.#composer.clear();
                this.#send(message, [], undefined, values);
            },
            show: (conv) => this.#show({ conv }),
            begin: () => this.begin(this.#ongoing),
            go: (screen) => this.go(screen),
        });
        run(this.#screens);
    }

    async #needHome(): Promise<void> {
        const part = await this.#lazy.get(parts.home, true);
        if (this.#home) return;
        this.#home = new part.HomeView(this.parts.texts, { resume: () => this.#show(null), begin: () => this.begin(), history: () => this.go('history') });
        this.#draw();
        if (this.open && this.#screen === 'home' && document.hasFocus() && document.activeElement === document.body) this.focus();
    }

    /** The first screen and the thread are parts of their own: one comes first, the other a moment later. */
    async #needLog(): Promise<void> {
        const { chat, texts } = this.parts;
        const part = await this.#lazy.get(parts.log, true);
        if (this.#log) return;
        this.#log = new part.LogView(
            texts, this.#lazy,
            {
                retry: (mid) => void this.#retry(mid), discard: (mid) => chat.discard(mid), stale: () => void chat.renewLinks(true), settled: () => undefined,
                reply: (b) => this.#composer.quote({ id: b.key, name: b.name ?? texts.t('agent'), text: b.body }),
                postback: (payload, message) => {
                    this.#send(payload, []);
                    this.parts.bridge.tell({ k: 'postback', payload, message });
                },
                previews: () => chat.cfg.previews,
                chat,
            },
            () => this.#look(),
            () => void this.#fetch(false),
        );
        this.#draw();
    }

    /** Begins a conversation: what must be asked first is asked first. `fresh`: although one goes on. */
    begin(fresh = false): void {
        this.#fresh = fresh;
        this.#focus = 'start';
        this.#log?.reset();
        this.go(this.#asks ? 'form' : 'chat');
    }

    #show(focus: Focus): void {
        this.#focus = focus;
        this.#log?.reset();
        this.go('chat');
        if (focus && focus !== 'start') void this.#fetch(true);
    }

    /** As the inbox has it, and as the page wants it otherwise. */
    get #cfg(): Config {
        const { chat, opening } = this.parts;
        const { settings: own } = opening;
        const cfg = { ...chat.cfg, welcome_title: own.welcomeTitle || chat.cfg.welcome_title, welcome_tagline: own.welcomeDescription || chat.cfg.welcome_tagline };
        const wishes: [string, boolean | undefined][] = [['attachments', own.enableFileUpload], ['emoji', own.enableEmojiPicker], ['end_conversation', own.enableEndConversation]];
        cfg.features = cfg.features.filter((name) => !wishes.some(([wished, on]) => wished === name && on === false));
        if (/^#[\da-f]{6}$/i.test(own.color ?? '')) cfg.color = own.color!;
        return cfg;
    }

    get #ongoing(): boolean {
        const { thread, outbox } = this.parts.chat;
        return thread.ongoing() || outbox.list().length > 0;
    }

    /** Something must be asked before a conversation begins. */
    get #asks(): boolean {
        const { chat } = this.parts;
        return chat.known && (chat.asks.length > 0 || this.#consents);
    }

    get #consents(): boolean {
        return !!this.parts.chat.cfg.consent && this.parts.store.get('agreed') !== '1';
    }

    #send(body: string, files: Parameters<Chat['send']>[1], reply_to?: string, pre_chat?: Record<string, string | boolean>): void {
        const conv = this.#focus && this.#focus !== 'start' ? { conv: this.#focus.conv } : {};
        const fresh = this.#focus === 'start' && this.#fresh ? { fresh: true } : {};
        if (this.#screen === 'home') this.#focus = 'start';
        if (!this.#ongoing || this.#fresh) this.#begins = true;
        this.parts.chat.send(body, files, { ...conv, ...fresh, ...(reply_to ? { reply_to } : {}), ...(pre_chat ? { start: { pre_chat } } : {}) });
        this.#fresh = false;
        if (this.#screen !== 'chat') this.go('chat');
    }

    async #retry(mid: string): Promise<void> {
        const entry = this.parts.chat.outbox.list().find((e) => e.mid === mid);
        if (entry?.refused !== 'pre_chat') return this.parts.chat.retry(mid);
        // What is asked may have become another since this page was loaded.
        await this.parts.chat.renew();
        await this.#lead((screens) => {
            this.#screen = 'form';
            this.#turn(screens.form(entry));
        });
    }

    /** A screen that came later takes its place. */
    #turn(page: Page): void {
        this.#page = page;
        this.#draw();
        page.focus();
    }

    /** Brings the shown conversation's newest messages, or earlier ones. */
    async #fetch(newest: boolean): Promise<void> {
        const part = await this.#lazy.get(parts.screens);
        const conv = this.#one;
        if (!conv) return;
        const more = await part.fetchMessages(this.parts.chat, conv, newest);
        if (more !== null) this.#more.set(conv, more);
        this.changed();
    }

    /** The conversation that is shown, the newest one when there are several. */
    get #one(): string | undefined {
        return [...this.#shown].pop();
    }

    #draw(): void {
        const { chat, texts } = this.parts;
        if (!this.#settled && chat.loaded) {
            this.#settled = true;
            if (this.#ongoing && this.#screen === 'home' && !this.#composer.value) this.#screen = 'chat';
        }
        const now = Date.now();
        this.#paint();
        const screen = this.#screen;
        const title = screen === 'history' ? texts.t('history') : screen === 'form' ? texts.t('start_chat') : '';
        const cfg = this.#cfg;
        const own = this.parts.opening.settings;
        const desk = { cfg, says: { on: own.availableMessage, off: own.unavailableMessage }, team: chat.team, hours: chat.hours, online: chat.agentsOnline, known: chat.loaded, now };
        this.#header.update({ ...desk, home: screen === 'home' && !!this.#home, title, menu: screen === 'chat' && chat.loaded && !chat.gone });
        if (screen === 'chat') this.#drawChat(now);
        if (screen === 'home') this.#drawHome(desk);
        const stage = screen === 'chat' ? this.#log?.element : screen === 'home' ? this.#home?.element : this.#page?.element;
        if (this.#stage.firstElementChild !== (stage ?? this.#wait)) this.#stage.replaceChildren(stage ?? this.#wait);
        document.documentElement.dataset.screen = screen;
        this.#composer.update(cfg.features);
        if (chat.token) this.#composer.advance();
        this.#composer.element.hidden = chat.gone || !(screen === 'chat' || (screen === 'home' && !this.#ongoing && !this.#asks));
        this.#drawBanner();
        this.#look();
        this.#report();
    }

    /** The ids of the conversations that the chat shows. */
    get #shown(): Set<string> {
        if (this.#focus === 'start') return new Set();
        return this.#focus ? new Set([this.#focus.conv]) : this.parts.chat.thread.current();
    }

    #drawChat(now: number): void {
        const { chat } = this.parts;
        if (!this.#log) return void this.#needLog();
        const shown = this.#shown;
        const anew = this.#focus === 'start' || [...shown].some((id) => chat.thread.current().has(id)) || !shown.size;
        const pending = chat.outbox.list().filter((e) => (e.conv ? shown.has(e.conv) : anew));
        const only = shown.size === 1 ? [...shown][0]! : '';
        const messages = shown.size ? chat.thread.list(shown) : this.#campaign ? [this.#campaign] : [];
        const { quoted } = this.#composer;
        if (quoted && messages.some((m) => m.id === quoted && m.deleted)) this.#composer.quote(null);
        const more = !!only && chat.visitor.known !== null && (this.#more.get(only) ?? messages.length >= RECENT);
        this.#log.update({ messages, pending, live: chat.live || !chat.offline, typing: chat.typing, closed: chat.thread.closed(shown) && !pending.length, loaded: chat.loaded, now, more });
    }

    #drawHome(desk: Pick<HomeModel, 'cfg' | 'says' | 'team' | 'hours' | 'online' | 'known' | 'now'>): void {
        const home = this.#home;
        if (!home) return void this.#needHome();
        const { chat, texts } = this.parts;
        const { now } = desk;
        const last = this.#ongoing ? (chat.thread.list(chat.thread.current()).pop() ?? null) : null;
        home.update({ ...desk, last, unread: chat.thread.unread(), asks: this.#asks, past: chat.visitor.known !== null && !chat.thread.empty });
        const shown = JSON.stringify([chat.hours, chat.cfg.help, new Date(now).getHours()]);
        if ((!chat.hours && !chat.cfg.help) || shown === this.#restShown) return;
        this.#restShown = shown;
        void this.#lazy.get(parts.hours).then((part) => {
            home.rest.replaceChildren(...part.homeMore(texts, chat.cfg, chat.hours, now));
        });
    }

    #drawBanner(): void {
        const { chat, texts } = this.parts;
        const trouble = chat.gone ? 'gone' : !chat.offline ? (this.#lazy.missing ? 'late' : null) : navigator.onLine ? 'connecting' : 'offline';
        set(this.#banner, 'class', 'banner' + (trouble ? ' ' + trouble : ''));
        if (this.#banner.dataset.shown !== String(trouble)) {
            this.#banner.dataset.shown = String(trouble);
            this.#banner.replaceChildren(...(trouble ? [icon(trouble === 'connecting' ? 'clock' : 'cloud', 16), texts.t(trouble)] : []));
        }
        document.documentElement.dataset.link = chat.live ? 'live' : chat.offline ? 'offline' : 'connecting';
    }

    #report(): void {
        const { chat, bridge, store, texts } = this.parts;
        const unread = chat.thread.unread();
        if (unread !== this.#told.unread) bridge.tell({ k: 'unread', n: (this.#told.unread = unread), text: texts.t('unread', { n: unread }) });
        const ongoing = this.#ongoing;
        if (chat.loaded && ongoing !== this.#told.ongoing) {
            bridge.tell({ k: 'ongoing', on: (this.#told.ongoing = ongoing) });
            if (ongoing) store.set('ongoing', '1');
            else store.remove('ongoing');
        }
        const campaigns = JSON.stringify(chat.cfg.campaigns);
        if (campaigns !== this.#told.campaigns && chat.loaded) {
            this.#told.campaigns = campaigns;
            void this.#lazy.get(parts.campaigns).then((part) => bridge.tell({ k: 'campaigns', campaigns: part.readCampaigns(chat.cfg.campaigns) }));
        }
        if (chat.gone && !this.#told.gone) {
            this.#told.gone = true;
            bridge.tell({ k: 'error', code: 'site_unknown' });
        }
    }

    #paint(): void {
        const { bridge, texts } = this.parts;
        const dark = this.#theme === 'dark' || (this.#theme === 'auto' && this.#dark.matches);
        const { color } = this.#cfg;
        const key = color + dark;
        if (key === this.#painted) return;
        this.#painted = key;
        set(document.documentElement, 'data-theme', dark ? 'dark' : 'light');
        const colors = brand(color, dark);
        for (const [name, value] of Object.entries(colors)) document.documentElement.style.setProperty(name, value);
        bridge.tell({
            k: 'ready', color: colors['--brand'] ?? '', on: colors['--onBrand'] ?? '', open: texts.t('launcher_open'), title: texts.t('title'), dismiss: texts.t('dismiss'),
            dir: texts.dir, dark,
        });
    }

    #look(): void {
        const seen = this.open && document.visibilityState === 'visible' && this.#screen === 'chat' && !!this.#log?.atEnd;
        this.parts.chat.look(seen && this.#shown);
    }

    #listen(): void {
        const { chat, bridge } = this.parts;
        const { signal } = this.#gone;
        addEventListener('online', () => chat.nudge(), { signal });
        addEventListener('offline', () => this.changed(), { signal });
        addEventListener('pointerdown', () => chat.nudge(), { passive: true, signal });
        document.addEventListener('visibilitychange', () => {
            if (document.visibilityState === 'visible') {
                chat.nudge();
                void chat.renewLinks();
            }
            this.changed();
        }, { signal });
        this.#dark.addEventListener('change', () => this.changed(), { signal });
        document.addEventListener('keydown', (e) => {
            if (e.key !== 'Escape' || e.isComposing || e.defaultPrevented || document.querySelector('dialog')) return;
            if (!this.#composer.escape()) bridge.tell({ k: 'close' });
        }, { signal });
        for (const name of ['dragover', 'dragleave', 'drop'] as const) addEventListener(name, (e) => this.#dragged(e), { signal });
        const tick = setInterval(() => this.changed(), 60_000);
        signal.addEventListener('abort', () => clearInterval(tick));
        // The other screen a moment after the first has come, however long that took.
        const next = (): void => fetchAhead(this.#screen === 'home' ? parts.log : parts.home);
        void this.#lazy.get<unknown>(this.#screen === 'home' ? parts.home : parts.log, true).then(() => setTimeout(next, NEXT_SCREEN_MS));
        // Once things are calm, so that a tunnel finds every screen at hand.
        setTimeout(() => (window.requestIdleCallback ?? setTimeout)(() => Object.values(parts).forEach(fetchAhead)), FETCH_AHEAD_MS);
    }

    #dragged(e: DragEvent): void {
        if (!e.dataTransfer?.types.includes('Files')) return;
        e.preventDefault();
        if (this.#composer.element.hidden) return;
        if (this.#drop) return this.#drop.heard(e);
        void this.#lazy.get(parts.drop).then((part) => {
            this.#drop ??= new part.DropView(this.parts.texts, (files) => void this.#composer.addFiles(files));
        });
    }
}
