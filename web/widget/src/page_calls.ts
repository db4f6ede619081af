import type { Identity, ToFrame, Values } from '../bridge_messages';
import { bag, text } from './protocol/decode';
import { ask } from './state/ask';
import type { Chat } from './state/chat';
import type { Store } from './state/storage';
import type { Bridge } from './bridge';

const AGAIN_MS = 5_000;
const HANDOVER_MS = 300;
const HANDOVER_TRIES = 60;

/** What the page's script asks for beside opening and closing: who the visitor is, attributes, labels, another window. */
export class PageCalls {
    #identity: Identity | null = null;
    #contact: Values = {};
    #conversation: Values = {};
    #labels = new Map<string, boolean>();
    #busy = false;
    #again = false;

    constructor(private chat: Chat, private store: Store, private bridge: Bridge, private site: string) {}

    heard(message: ToFrame): void {
        switch (message.k) {
            case 'user':
                this.#identity = message.identity;
                break;
            case 'reset':
                this.#identity = null;
                this.#contact = this.#conversation = {};
                this.#labels.clear();
                return;
            case 'contact':
                this.#contact = { ...this.#contact, ...message.values };
                break;
            case 'conversation':
                this.#conversation = { ...this.#conversation, ...message.values };
                break;
            case 'label':
                this.#labels.set(message.label, message.on);
                break;
            case 'popout':
                return this.handOver(window.open('', message.name));
        }
        void this.flush();
    }

    /** Tells the server what it can be told by now; what cannot be waits for the next call of this. */
    async flush(): Promise<void> {
        this.#again = true;
        if (this.#busy || !this.chat.loaded) return;
        this.#busy = true;
        try {
            while (this.#again) {
                this.#again = false;
                if (this.#identity) await this.#identify(this.#identity);
                const { visitor, thread } = this.chat;
                if (Object.keys(this.#contact).length && (!thread.empty || visitor.verified)) await this.#tellContact();
                await this.#tellConversation();
            }
        } finally {
            this.#busy = false;
        }
    }

    async #identify(identity: Identity): Promise<void> {
        const known = await print(identity);
        if (this.#identity !== identity) return;
        if (this.store.get('user') === known) return void (this.#identity = null);
        const reply = await this.chat.identify(identity);
        if (this.#identity !== identity) return;
        if (reply.kind === 'ok') {
            this.#identity = null;
            this.store.set('user', known);
        } else if (reply.kind === 'refused') {
            this.#identity = null;
            this.bridge.tell({ k: 'error', code: reply.code });
        } else {
            setTimeout(() => void this.flush(), reply.kind === 'wait' ? reply.ms : AGAIN_MS);
        }
    }

    async #tellContact(): Promise<void> {
        const sent = this.#contact;
        const known = await this.#patch('contact', { ...attributes(sent, 'custom_attributes', 'remove_custom_attributes') });
        if (known && this.#contact === sent) this.#contact = {};
    }

    /** What the next conversation is to begin with, where none goes on and none is just being begun. */
    settle(): void {
        const { chat } = this;
        if (!chat.loaded || chat.thread.ongoing() || chat.sending || !this.#tells) return;
        const kept = chat.beginning();
        const values = Object.fromEntries(Object.entries({ ...kept.custom_attributes, ...this.#conversation }).filter(([, v]) => v !== null));
        const wanted = new Set(kept.labels);
        for (const [label, on] of this.#labels) if (on) wanted.add(label);
        else wanted.delete(label);
        chat.beginning({ custom_attributes: values, labels: [...wanted] });
        this.#conversation = {};
        this.#labels.clear();
    }

    get #tells(): boolean {
        return Object.keys(this.#conversation).length > 0 || this.#labels.size > 0;
    }

    /** What was to begin a conversation when it had already begun belongs to it. */
    #takeBack(): void {
        const { custom_attributes, labels = [] } = this.chat.beginning();
        if (!custom_attributes && !labels.length) return;
        this.#conversation = { ...(custom_attributes as Values), ...this.#conversation };
        for (const label of labels) if (!this.#labels.has(label)) this.#labels.set(label, true);
        this.chat.beginning(null);
    }

    async #tellConversation(): Promise<void> {
        const { thread } = this.chat;
        const conv = thread.ongoing() ? [...thread.current()].pop() : undefined;
        if (conv && !this.chat.sending) this.#takeBack();
        else this.settle();
        if (!conv || !this.#tells) return;
        const sent = this.#conversation;
        const labels = [...this.#labels];
        const known = await this.#patch(`conversations/${encodeURIComponent(conv)}`, {
            ...attributes(sent, 'custom_attributes', 'remove_custom_attributes'),
            add_labels: labels.filter(([, on]) => on).map(([label]) => label), remove_labels: labels.filter(([, on]) => !on).map(([label]) => label),
        });
        if (!known) return;
        if (this.#conversation === sent) this.#conversation = {};
        for (const [label, on] of labels) if (this.#labels.get(label) === on) this.#labels.delete(label);
    }

    /** True when the server has taken it, or will never. */
    async #patch(path: string, body: unknown): Promise<boolean> {
        const answer = await ask(this.chat, 'PATCH', path, body);
        if (answer.status === 0 || answer.status === 429 || answer.status >= 500) {
            setTimeout(() => void this.flush(), AGAIN_MS);
            return false;
        }
        if (answer.status !== 200) this.bridge.tell({ k: 'error', code: text(answer.body.code), field: text(answer.body.field), message: text(answer.body.error) });
        return true;
    }

    /** Makes another window of this origin the same visitor: the token goes to it alone, and in no address. */
    handOver(other: Window | null): void {
        let taken = false;
        const offer = (tries: number): void => {
            if (!other || other.closed || taken || !tries) return;
            const once = new MessageChannel();
            once.port1.onmessage = () => (taken = true);
            other.postMessage({ k: 'deskbell-visitor', site: this.site, token: this.chat.token }, location.origin, [once.port2]);
            setTimeout(() => offer(tries - 1), HANDOVER_MS);
        };
        offer(HANDOVER_TRIES);
    }
}

/** The other end of a hand-over: a window that stands alone takes the visitor its opener has. */
export function takeOver(chat: Chat, site: string, taken: () => void): void {
    let done = false;
    addEventListener('message', (event) => {
        const data = bag(event.data);
        if (done || event.origin !== location.origin || data.k !== 'deskbell-visitor' || data.site !== site || !text(data.token)) return;
        done = true;
        event.ports[0]?.postMessage('taken');
        chat.become(text(data.token));
        taken();
    });
}

function attributes(values: Values, set: string, remove: string): Record<string, unknown> {
    const entries = Object.entries(values);
    return { [set]: Object.fromEntries(entries.filter(([, v]) => v !== null)), [remove]: entries.filter(([, v]) => v === null).map(([name]) => name) };
}

/** Tells one identity from another without keeping it; where the browser cannot, each call counts as new. */
async function print(identity: Identity): Promise<string> {
    try {
        const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(identity)));
        return Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, '0')).join('');
    } catch {
        return `new ${Math.random()}`;
    }
}
