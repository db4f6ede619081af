import type { Texts } from '../i18n';
import { bag, conversation, decodeRows, list, text as str } from '../protocol/decode';
import type { ConvRow } from '../protocol/types';
import { ask } from '../state/ask';
import type { Chat } from '../state/chat';
import { adopt } from './extra';
import { avatar } from './avatar';
import { h } from './dom';
import { icon } from './icons';
import { picture } from './icons_more';

interface Past extends ConvRow {
    name: string;
    face: string | null;
    own: boolean;
    line: string;
}

/** All conversations there have been, newest first. */
export class HistoryView {
    readonly element: HTMLElement;
    #list: HTMLElement;
    #state: HTMLElement;
    #more: HTMLButtonElement;
    #before = 0;
    #busy = false;

    constructor(private texts: Texts, private chat: Chat, private actions: { open(conv: string): void; begin(): void }) {
        adopt();
        this.#list = h('ul', { class: 'pasts' });
        this.#state = h('p', { class: 'quiet', role: 'status' });
        this.#more = h('button', { type: 'button', class: 'minor', hidden: true, onclick: () => void this.load() }, texts.t('load_more'));
        const begin = h('button', { type: 'button', class: 'main', onclick: () => this.actions.begin() }, picture('pen', 18), texts.t('new_chat'));
        this.element = h('div', { class: 'page scroller', tabindex: 0, role: 'group', 'aria-label': texts.t('history') }, this.#list, this.#state, this.#more, begin);
    }

    focus(): void {
        this.element.focus({ preventScroll: true });
        void this.load();
    }

    async load(): Promise<void> {
        if (this.#busy) return;
        this.#busy = true;
        this.#state.textContent = this.texts.t('loading');
        const { status, body } = await ask(this.chat, 'GET', 'conversations' + (this.#before ? `?before=${this.#before}` : ''));
        this.#busy = false;
        const rows = list(body.conv).map(past).filter((p): p is Past => p !== null);
        if (status !== 200) this.#state.textContent = this.texts.t('not_loaded');
        else this.#state.textContent = rows.length || this.#before ? '' : this.texts.t('no_history');
        this.#more.hidden = status === 200 && body.more !== true;
        for (const row of rows) {
            this.#before = row.at ?? 0;
            this.#list.append(h('li', {}, this.#entry(row)));
        }
    }

    #entry(row: Past): HTMLElement {
        const { texts } = this;
        const name = row.own ? texts.t('you') : row.name || texts.t('agent');
        const ended = row.status === 'resolved';
        return h(
            'button', { type: 'button', class: 'tile', onclick: () => this.actions.open(row.id) },
            row.own ? h('span', { class: 'avatar plain' }, icon('check', 16)) : avatar(name, row.face),
            h('span', { class: 'about' }, h('bdi', { class: 'line strong' }, `${name}: ${row.line || '…'}`), h('span', { class: 'size' }, texts.t(ended ? 'ended' : 'open_still'))),
            h('span', { class: 'side' }, h('span', { class: 'time' }, texts.when(row.at ?? 0, Date.now())), row.unread > 0 && h('span', { class: 'count', 'aria-label': texts.t('unread', { n: row.unread }) }, String(row.unread))),
        );
    }
}

function past(v: unknown): Past | null {
    const row = conversation(v);
    const last = bag(bag(v).last);
    if (!row) return null;
    const from = bag(last.from);
    const face = str(from.avatar);
    return { ...row, at: row.at || Number(last.at) || 0, name: str(from.name), face: face.startsWith('/') ? face : null, own: last.dir === 'in', line: str(last.body) };
}

/** Brings a conversation's newest messages, or those before what is known; true when there are more. */
export async function fetchMessages(chat: Chat, conv: string, newest: boolean): Promise<boolean | null> {
    const before = newest ? 0 : chat.thread.list(new Set([conv]))[0]?.n;
    const { status, body } = await ask(chat, 'GET', `conversations/${encodeURIComponent(conv)}/messages${before ? `?before=${before}` : ''}`);
    if (status !== 200) return null;
    chat.take(decodeRows([body.conv], body.rows));
    return body.more === true;
}
