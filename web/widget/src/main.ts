import type { ToFrame } from '../bridge_messages';
import { Bridge } from './bridge';
import { Texts } from './i18n';
import { socketUrl, startSession } from './protocol/http';
import type { Socket } from './protocol/link';
import { uuid7 } from './protocol/uuid';
import { Chat } from './state/chat';
import { BrowserStore } from './state/storage';
import { Tabs } from './state/tabs';
import { App } from './ui/app';
import { parts } from './ui/lazy';

async function main(): Promise<void> {
    const site = new URLSearchParams(location.search).get('website_token') ?? '';
    const prefix = `deskbell.${site}.`;
    const bridge = new Bridge();
    const store = new BrowserStore(() => localStorage, prefix, (text) => bridge.tell({ k: 'keep', text }));
    const drafts = new BrowserStore(() => sessionStorage, prefix);
    // The screen that will most likely be the first is on its way before the page has said a word.
    void (store.get('ongoing') ? parts.log : parts.home)().catch(() => undefined);
    let app: App | null = null;
    const early: ToFrame[] = [];

    const opening = await bridge.meet((message) => (app ? heard(message) : early.push(message)));
    store.recall(opening.kept);
    let texts = await words(opening.locale);
    const tabs = new Tabs(prefix.slice(0, -1), (news) => chat.heard(news));

    const chat: Chat = new Chat({
        store,
        now: Date.now,
        random: Math.random,
        after: (ms, run) => setTimeout(run, ms),
        cancel: (timer) => clearTimeout(timer as number),
        openSocket: () => new WebSocket(socketUrl(), 'deskbell-widget.v1') as Socket,
        startSession: (token, identity) => startSession(site, token, { ...opening.page, locale: texts.locale }, identity),
        alone: (what, work) => tabs.alone(what, work),
        tell: (news) => tabs.tell(news),
        changed: () => {
            app?.changed();
            void calls?.then((c) => c.flush());
        },
        arrived: (messages) => app?.arrived(messages),
        started: (row, again) => app?.started(row, again),
        settled: async () => {
            await (unheard.length ? hear() : order);
            (await calls)?.settle();
        },
    });

    // What few pages ask for comes when they do; in the order in which they asked.
    const load = async (): Promise<import('./page_calls').PageCalls> => new (await import('./page_calls')).PageCalls(chat, store, bridge, site);
    let calls: ReturnType<typeof load> | null = null;
    let order: Promise<unknown> = Promise.resolve();

    const unheard: ToFrame[] = [];
    const hear = async (): Promise<void> => {
        try {
            const known = await (calls ??= load());
            for (const message of unheard.splice(0)) known.heard(message);
        } catch {
            // no network: it is heard with the next call, or before the next message is sent
            calls = null;
        }
    };

    function heard(message: ToFrame): void {
        if (message.k === 'page') {
            opening.page = message.page;
            chat.page(message.page.url, message.page.title);
        } else if (message.k === 'locale') {
            opening.locale = message.locale;
            void words(message.locale).then((found) => {
                texts = found;
                draw(app!.open);
            });
        } else if (message.k === 'theme') {
            opening.theme = message.theme;
            app!.dress(message.theme);
        } else if (/^(open|close|campaign)$/.test(message.k)) {
            if (message.k === 'open' && !app!.open) chat.opened(opening.page.url);
            app!.heard(message);
        } else {
            if (message.k === 'reset') {
                drafts.clear();
                chat.reset();
                draw(app!.open);
            }
            unheard.push(message);
            order = order.then(hear);
        }
    }

    function draw(open: boolean): void {
        app?.leave();
        app = new App({
            chat, texts, bridge, store, drafts, opening, open, id: uuid7,
            popout: () => {
                const other = window.open(location.href, '_blank', 'popup,width=420,height=720');
                void (calls ??= load()).then((c) => c.handOver(other));
            },
        });
    }

    draw(opening.open);
    addEventListener('storage', (e) => {
        if (e.key?.startsWith(prefix)) chat.stored(e.key.slice(prefix.length), e.newValue);
    });
    if (window.opener) void import('./page_calls').then((part) => part.takeOver(chat, site, () => app?.changed()));
    chat.start();
    early.splice(0).forEach(heard);
    if (opening.open) {
        if (!window.opener) chat.opened(opening.page.url); // a window of its own goes on with what was opened
        app!.focus();
    }
}

const words = (locale: string | null): Promise<Texts> => Texts.load([...(locale ? [locale] : []), ...navigator.languages]);

void main();
