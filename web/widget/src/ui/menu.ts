import type { Texts } from '../i18n';
import { bag, decodeRows, text as str } from '../protocol/decode';
import { ask } from '../state/ask';
import type { Chat } from '../state/chat';
import { adopt } from './extra';
import { h, set } from './dom';
import { blank, checkAll, FieldView } from './fields';
import { picture, type MoreIcon } from './icons_more';

export interface MenuItem {
    key: 'transcript' | 'end_chat' | 'popout' | 'history' | 'new_chat';
    run(): void;
}

const SHAPES: Record<MenuItem['key'], MoreIcon> = { transcript: 'mail', end_chat: 'end', popout: 'window', history: 'list', new_chat: 'pen' };

/** What the menu offers beside a conversation, or beside none. */
export function chatMenu(texts: Texts, chat: Chat, conv: string | undefined, go: { new_chat(): void; history(): void; popout: false | (() => void); features: string[] }): MenuItem[] {
    const tells = chat.visitor.known !== null;
    const has = (feature: string): boolean => go.features.includes(feature);
    const open = conv && chat.thread.conv(conv)?.status !== 'resolved';
    const items: (MenuItem | false | '' | undefined)[] = [
        conv && tells && { key: 'new_chat', run: go.new_chat },
        conv && has('transcript') && { key: 'transcript', run: () => transcript(texts, chat, conv) },
        open && has('end_conversation') && { key: 'end_chat', run: () => endChat(texts, chat, conv) },
        tells && { key: 'history', run: go.history },
        go.popout && { key: 'popout', run: go.popout },
    ];
    return items.filter((i): i is MenuItem => !!i);
}

/** The menu behind the dots. Arrows walk it, Escape and a click elsewhere close it. */
export function openMenu(texts: Texts, button: HTMLElement, items: MenuItem[]): void {
    adopt();
    const open = button.parentElement!.querySelector('[role=menu]');
    if (open) return open.dispatchEvent(new Event('leave')) as unknown as void;
    const close = (refocus: boolean): void => {
        menu.remove();
        set(button, 'aria-expanded', 'false');
        document.removeEventListener('pointerdown', outside);
        if (refocus) button.focus();
    };
    const outside = (e: Event): void => {
        if (!menu.contains(e.target as Node) && !button.contains(e.target as Node)) close(false);
    };
    const buttons = items.map((item, i) =>
        h('button', { type: 'button', role: 'menuitem', tabindex: i ? -1 : 0, onclick: () => (close(true), item.run()) }, picture(SHAPES[item.key], 18), texts.t(item.key)),
    );
    const menu = h('div', {
        class: 'menu-list', role: 'menu', 'aria-label': texts.t('menu'), onleave: () => close(true),
        onkeydown: (e: KeyboardEvent) => {
            const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
            const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[e.key];
            if (to !== undefined) {
                e.preventDefault();
                buttons[(to + buttons.length) % buttons.length]!.focus();
            } else if (e.key === 'Escape' || e.key === 'Tab') {
                e.preventDefault();
                e.stopPropagation();
                close(true);
            }
        },
    }, ...buttons);
    button.after(menu);
    set(button, 'aria-expanded', 'true');
    document.addEventListener('pointerdown', outside);
    buttons[0]?.focus();
}

/** A small dialog above the chat: it holds the focus until it is answered or left. */
export function sheet(title: string, texts: Texts, fill: (done: () => void) => HTMLElement[]): void {
    adopt();
    const before = document.activeElement as HTMLElement | null;
    const dialog = h('dialog', { class: 'sheet', 'aria-label': title });
    const done = (): void => {
        dialog.close();
        dialog.remove();
        before?.focus();
    };
    dialog.addEventListener('cancel', (e) => {
        e.preventDefault();
        done();
    });
    dialog.addEventListener('click', (e) => e.target === dialog && done());
    dialog.append(h('div', {}, h('h2', {}, title), ...fill(done), h('button', { type: 'button', class: 'minor', onclick: done }, texts.t('cancel'))));
    document.body.append(dialog);
    dialog.showModal();
}

/** Asks for the conversation by mail; the address is asked for once. */
export function transcript(texts: Texts, chat: Chat, conv: string): void {
    sheet(texts.t('transcript'), texts, (done) => {
        const field = new FieldView(texts, { ...blank('email', 'email', texts.t('email'), '', true), initial: chat.visitor.email });
        const state = h('p', { class: 'quiet', role: 'status' });
        const send = h('button', { type: 'submit', class: 'main' }, texts.t('send_mail'));
        const submit = async (e: Event): Promise<void> => {
            e.preventDefault();
            if (!checkAll([field])) return;
            send.disabled = true;
            const { status, body } = await ask(chat, 'POST', `conversations/${encodeURIComponent(conv)}/transcript`, { email: field.value });
            send.disabled = false;
            if (status === 202) {
                form.replaceChildren(h('p', { class: 'lead', role: 'status', tabindex: -1 }, texts.t('mail_sent', { email: str(body.email) || field.value })), h('button', { type: 'button', class: 'main', onclick: done }, texts.t('done')));
                (form.lastElementChild as HTMLElement).focus();
                form.nextElementSibling?.remove();
            } else {
                state.textContent = texts.t(status === 429 ? 'too_often' : 'not_sent');
                send.focus();
            }
        };
        const form = h('form', { novalidate: true, onsubmit: (e: Event) => void submit(e) }, h('p', { class: 'lead' }, texts.t('transcript_lead')), field.element, state, send);
        return [form];
    });
}

/** Ends a conversation, once more asked. */
export function endChat(texts: Texts, chat: Chat, conv: string): void {
    sheet(texts.t('end_chat'), texts, (done) => {
        const state = h('p', { class: 'quiet', role: 'status' });
        const end = async (): Promise<void> => {
            const { status, body } = await ask(chat, 'POST', `conversations/${encodeURIComponent(conv)}/resolve`);
            if (status === 200) {
                chat.take(decodeRows([bag(body.conv)], []));
                done();
            } else state.textContent = texts.t('not_sent');
        };
        return [h('p', { class: 'lead' }, texts.t('end_lead')), state, h('button', { type: 'button', class: 'main', onclick: () => void end() }, texts.t('end_chat'))];
    });
}
