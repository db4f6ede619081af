import type { MessageRow } from '../src/protocol/types';
import { Chat } from '../src/state/chat';
import { MemoryStore, type Store } from '../src/state/storage';
import type { TabNews } from '../src/state/tabs';
import type { Clock, FakeServer } from './world';

/** Tabs of one browser: one storage, one lock for each name, news to all others. */
export class Browser {
    store: Store = new MemoryStore();
    tabs = new Set<Chat>();
    private locks = new Map<string, Promise<void>>();

    constructor(public clock: Clock, public server: FakeServer, public random: () => number) {}

    arrived: MessageRow[] = [];
    started: string[] = [];
    /** As the page's calls settle before a message goes. */
    settled: () => Promise<unknown> = async () => undefined;
    changed: () => void = () => undefined;

    open(): Chat {
        const closed = (): boolean => !this.tabs.has(chat);
        const chat: Chat = new Chat({
            store: this.store,
            now: () => this.clock.now,
            random: this.random,
            after: (ms, run) => this.clock.after(ms, () => closed() || run()),
            cancel: this.clock.cancel,
            openSocket: this.server.openSocket,
            startSession: this.server.startSession,
            alone: (what, work) => this.alone(what, work),
            tell: (news) => this.tell(chat, news),
            changed: () => this.changed(),
            arrived: (messages) => this.arrived.push(...messages),
            started: (row) => this.started.push(row.conv),
            settled: () => this.settled(),
        });
        this.tabs.add(chat);
        chat.start();
        return chat;
    }

    private async alone(what: string, work: () => Promise<void>): Promise<void> {
        const run = (this.locks.get(what) ?? Promise.resolve()).then(work);
        this.locks.set(what, run.catch(() => undefined));
        await run;
    }

    private tell(from: Chat, news: TabNews): void {
        queueMicrotask(() => this.tabs.forEach((tab) => tab !== from && tab.heard(news)));
    }
}
