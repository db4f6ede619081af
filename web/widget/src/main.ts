import { Bridge } from './bridge';
import { Texts } from './i18n';
import { socketUrl, startSession } from './protocol/http';
import type { Socket } from './protocol/link';
import { uuid7 } from './protocol/uuid';
import { Chat } from './state/chat';
import { BrowserStore } from './state/storage';
import { Tabs } from './state/tabs';
import { App } from './ui/app';

async function main(): Promise<void> {
    const site = new URLSearchParams(location.search).get('website_token') ?? '';
    const prefix = `deskbell.${site}.`;
    const store = new BrowserStore(() => localStorage, prefix);
    const drafts = new BrowserStore(() => sessionStorage, prefix);
    const bridge = new Bridge();
    let app: App | null = null;

    const opening = await bridge.meet((message) => app?.heard(message));
    const wanted = [...(opening.locale ? [opening.locale] : []), ...navigator.languages];
    const texts = await Texts.load(wanted);
    const tabs = new Tabs(prefix.slice(0, -1), (news) => chat.heard(news));

    const chat: Chat = new Chat({
        store,
        now: Date.now,
        random: Math.random,
        after: (ms, run) => setTimeout(run, ms),
        cancel: (timer) => clearTimeout(timer as number),
        openSocket: () => new WebSocket(socketUrl(), 'deskbell-widget.v1') as Socket,
        startSession: (token) => startSession(site, token, { ...opening.page, locale: texts.locale }),
        alone: (what, work) => tabs.alone(what, work),
        tell: (news) => tabs.tell(news),
        changed: () => app?.changed(),
        arrived: (messages) => app?.arrived(messages),
        started: (conv) => app?.started(conv),
    });

    app = new App({
        chat, texts, bridge, store, drafts, theme: opening.theme, open: opening.open, id: uuid7,
        popout: () => window.open(location.href, `deskbell-${site}`, 'popup,width=420,height=720'),
    });
    addEventListener('storage', (e) => {
        if (e.key?.startsWith(prefix)) chat.stored(e.key.slice(prefix.length), e.newValue);
    });
    chat.start();
    if (opening.open) app.focus();
}

void main();
