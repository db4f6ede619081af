import type { Texts } from '../i18n';
import type { Config } from '../protocol/types';
import { initials } from './avatar';
import { h, set, text } from './dom';
import { icon } from './icons';

const REPLY_TIMES = ['in_a_few_minutes', 'in_a_few_hours', 'in_a_day'] as const;

/** Who one talks to and whether somebody is there; greets as long as nothing was said. */
export class HeaderView {
    readonly element: HTMLElement;
    #mark: HTMLElement;
    #site: HTMLElement;
    #presence: HTMLElement;
    #reply: HTMLElement;
    #title: HTMLElement;
    #tagline: HTMLElement;

    constructor(private texts: Texts, closable: boolean, close: () => void) {
        this.#mark = h('span', { class: 'mark', 'aria-hidden': 'true' });
        this.#site = h('bdi', { class: 'site' });
        this.#presence = h('span', { class: 'presence' });
        this.#reply = h('span', { class: 'reply' });
        this.#title = h('p', { class: 'hello', dir: 'auto' });
        this.#tagline = h('p', { class: 'tagline', dir: 'auto' });
        const label = texts.t('close');
        this.element = h(
            'header', {},
            h(
                'div', { class: 'bar' }, this.#mark,
                h('div', { class: 'who' }, h('h1', {}, this.#site), h('p', { class: 'status' }, this.#presence, this.#reply)),
                closable && h('button', { type: 'button', class: 'leave', 'aria-label': label, title: label, onclick: close }, icon('close')),
            ),
            h('div', { class: 'greeting' }, h('div', {}, this.#title, this.#tagline)),
        );
    }

    update(cfg: Config, online: boolean, greet: boolean, known: boolean): void {
        const { texts } = this;
        const site = cfg.site || texts.t('title');
        text(this.#mark, cfg.site ? initials(cfg.site) : '');
        text(this.#site, site);
        set(this.#site, 'title', site);
        this.#presence.hidden = this.#reply.hidden = !known;
        set(this.#presence, 'class', online ? 'presence on' : 'presence');
        text(this.#presence, texts.t(online ? 'online' : 'away'));
        const time = REPLY_TIMES.find((t) => t === cfg.reply_time);
        text(this.#reply, online ? (time ? texts.t(time) : '') : texts.t('leave_message'));
        text(this.#title, cfg.welcome_title || texts.t('greeting'));
        text(this.#tagline, cfg.welcome_tagline);
        this.element.classList.toggle('greet', greet);
        set(this.element.lastElementChild!, 'aria-hidden', greet ? null : 'true');
    }
}
