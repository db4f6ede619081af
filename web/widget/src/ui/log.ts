import type { Texts } from '../i18n';
import { dayName } from '../i18n/day';
import type { MessageRow } from '../protocol/types';
import type { Entry } from '../state/outbox';
import css from '../style/thread.css';
import { BubbleView, type BubbleActions } from './bubble';
import { arrange, h, set, takeUp, text } from './dom';
import { icon } from './icons';
import type { Lazy } from './lazy';
import { buildItems } from './items';

export interface LogModel {
    messages: MessageRow[];
    pending: Entry[];
    /** The connection is there, or has been a moment ago. */
    live: boolean;
    typing: string | null;
    closed: boolean;
    loaded: boolean;
    now: number;
    /** Earlier messages can be had. */
    more: boolean;
}

const NEAR_END = 48;

/** The thread: bubbles by day, the typing sign, and the button down to what is new. */
export class LogView {
    readonly element: HTMLElement;
    #scroller: HTMLElement;
    #log: HTMLElement;
    #end: HTMLElement;
    #typing: HTMLElement;
    #closed: HTMLElement;
    #spoken: HTMLElement;
    #older: HTMLButtonElement;
    #jump: HTMLButtonElement;
    #bubbles = new Map<string, BubbleView>();
    #days = new Map<string, HTMLElement>();
    #pinned = true;
    #lastKey = '';

    constructor(private texts: Texts, private lazy: Lazy, private actions: BubbleActions, private scrolled: () => void, private older: () => void) {
        takeUp(css);
        this.#log = h('div', { role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions', 'aria-label': texts.t('title'), 'aria-busy': 'true', class: 'log' });
        this.#typing = h('div', { class: 'typing', 'aria-hidden': 'true', hidden: true }, h('span', { class: 'dots' }, h('i'), h('i'), h('i')), h('span', { class: 'who' }));
        this.#closed = h('p', { class: 'closed', hidden: true }, texts.t('ended_note'));
        this.#older = h('button', { type: 'button', class: 'minor older', hidden: true, onclick: () => this.older() }, texts.t('older'));
        this.#spoken = h('div', { class: 'sr', role: 'status' });
        this.#end = h('div', { class: 'end' }, this.#typing, this.#closed);
        this.#scroller = h('div', { class: 'scroller', tabindex: '0', role: 'group', 'aria-label': texts.t('title'), onscroll: () => this.#onScroll() }, this.#older, this.#log, this.#end);
        this.#jump = h('button', { class: 'jump', type: 'button', hidden: true, onclick: () => this.toEnd() }, icon('down', 16), texts.t('new_messages'));
        this.element = h('div', { class: 'thread' }, this.#scroller, this.#jump, this.#spoken);
        // What grows inside, such as a question that goes on, is followed as well.
        const grown = new ResizeObserver(() => this.#keep());
        for (const part of [this.#scroller, this.#log]) grown.observe(part);
    }

    /** True when the newest message is on screen. */
    get atEnd(): boolean {
        return this.#pinned;
    }

    update(model: LogModel): void {
        const elements: Element[] = [];
        const bubbles = new Map<string, BubbleView>();
        const days = new Map<string, HTMLElement>();
        const items = buildItems(model.messages, model.pending, model.live, this.texts.t('you'), this.texts.t('agent'));
        for (const item of items) {
            if (item.kind === 'day') {
                const day = this.#days.get(item.key) ?? h('div', { class: 'day' }, h('span'));
                text(day.firstElementChild!, dayName(this.texts, item.at, model.now));
                days.set(item.key, day);
                elements.push(day);
                continue;
            }
            const view = this.#bubbles.get(item.key) ?? new BubbleView(this.texts, this.lazy, { ...this.actions, settled: () => this.#keep() });
            view.update(item);
            bubbles.set(item.key, view);
            elements.push(view.element);
        }
        this.#bubbles = bubbles;
        this.#days = days;
        this.#older.hidden = !model.more;
        const first = this.#log.firstElementChild;
        const below = this.#scroller.scrollHeight - this.#scroller.scrollTop;
        arrange(this.#log, elements);
        // What came in above must not push away what is being read.
        if (first && first !== this.#log.firstElementChild && !this.#pinned) this.#scroller.scrollTop = this.#scroller.scrollHeight - below;
        this.#showTyping(model.typing);
        this.#closed.hidden = !model.closed;
        const last = items[items.length - 1];
        const grown = !!last && last.key !== this.#lastKey;
        this.#lastKey = last?.key ?? '';
        if (grown && last.kind === 'bubble' && last.own) this.#pinned = true;
        if (grown && !this.#pinned) this.#jump.hidden = false;
        this.#keep();
        if (model.loaded) setTimeout(() => this.#log.removeAttribute('aria-busy'));
    }

    /** Another conversation is shown: from its end, and not as something new to be read out. */
    reset(): void {
        set(this.#log, 'aria-busy', 'true');
        this.#pinned = true;
        this.#lastKey = '';
    }

    focus(): void {
        this.#scroller.focus({ preventScroll: true });
    }

    toEnd(): void {
        this.#pinned = true;
        this.#keep();
        this.scrolled();
    }

    #showTyping(who: string | null): void {
        this.#typing.hidden = who === null;
        const sentence = who === null ? '' : this.texts.t('typing', { name: who || this.texts.t('agent') });
        text(this.#typing.lastElementChild!, sentence);
        text(this.#spoken, sentence);
    }

    #keep(): void {
        if (!this.#pinned) return;
        this.#scroller.scrollTop = this.#scroller.scrollHeight;
        this.#jump.hidden = true;
    }

    #onScroll(): void {
        const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
        const pinned = scrollHeight - scrollTop - clientHeight < NEAR_END;
        if (pinned === this.#pinned) return;
        this.#pinned = pinned;
        if (pinned) this.#jump.hidden = true;
        this.scrolled();
    }
}
