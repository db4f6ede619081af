import type { Texts } from '../i18n';
import { list } from '../protocol/decode';
import { field } from '../protocol/field';
import { outLink } from '../protocol/links';
import type { Config, Field } from '../protocol/types';
import type { Chat } from '../state/chat';
import type { Entry } from '../state/outbox';
import type { Store } from '../state/storage';
import { adopt } from './extra';
import { h } from './dom';
import { blank, checkAll, FieldView } from './fields';

export interface FormActions {
    submit(values: Record<string, string | boolean>, message: string): void;
}

export interface FormModel {
    cfg: Config;
    questions: Field[];
    /** What was written before the form was needed; null when the message waits in the outbox. */
    message: string | null;
    /** What the server found wrong. */
    wrong: Record<string, string>;
    consent: boolean;
}

/** What is asked before the first message, on one page, with the message itself at its end. */
export class FormView {
    readonly element: HTMLElement;
    #fields: FieldView[];
    #message: FieldView | null = null;

    constructor(texts: Texts, model: FormModel, private drafts: Store, private actions: FormActions) {
        adopt();
        const { cfg } = model;
        const url = outLink(cfg.consent?.url, true);
        this.#fields = model.questions.map((f) => new FieldView(texts, f));
        for (const f of this.#fields) f.input.addEventListener('input', () => this.#keep());
        if (model.message !== null) {
            this.#message = new FieldView(texts, blank('', 'text_area', texts.t('message'), texts.t('placeholder'), true));
            this.#message.input.setAttribute('maxlength', String(cfg.limits.body));
            this.#message.value = model.message;
        }
        const consent = model.consent && cfg.consent ? new FieldView(texts, blank('', 'checkbox', cfg.consent.text || texts.t('agree'), '', true)) : null;
        const all = [...this.#fields, ...(this.#message ? [this.#message] : []), ...(consent ? [consent] : [])];
        this.element = h(
            'form', {
                class: 'page scroller', novalidate: true,
                onsubmit: (e: Event) => {
                    e.preventDefault();
                    if (checkAll(all)) this.#submit();
                },
            },
            cfg.form?.message && h('p', { class: 'lead', dir: 'auto' }, cfg.form.message), ...all.map((f) => f.element),
            consent && url && h('a', { class: 'more', href: url, target: '_blank', rel: 'noopener' }, texts.t('read_more')),
            h('button', { type: 'submit', class: 'main' }, texts.t('start_chat')),
        );
        this.#restore();
        for (const f of this.#fields) {
            const code = model.wrong[f.field.name];
            if (code) f.complain(code === 'required' ? texts.t('must_fill') : f.field.cue || texts.t('bad_value'));
        }
    }

    focus(): void {
        const first = [...this.#fields, this.#message].find((f) => f && (f.input.getAttribute('aria-invalid') || !f.value));
        (first ?? this.#message)?.input.focus();
    }

    #submit(): void {
        const values: Record<string, string | boolean> = {};
        for (const f of this.#fields) {
            if (f.field.type === 'checkbox') values[f.field.name] = f.value === 'true';
            else if (f.value) values[f.field.name] = f.value;
        }
        this.drafts.remove('form');
        this.actions.submit(values, this.#message?.value ?? '');
    }

    #keep(): void {
        this.drafts.set('form', JSON.stringify(Object.fromEntries(this.#fields.map((f) => [f.field.name, f.value]))));
    }

    #restore(): void {
        try {
            const kept = JSON.parse(this.drafts.get('form') ?? '{}') as Record<string, string>;
            for (const f of this.#fields) if (kept[f.field.name]) f.value = String(kept[f.field.name]);
        } catch {
            this.drafts.remove('form');
        }
    }
}

/** The form for the first message, or for one that the server sent back for want of answers. */
export function openForm(
    texts: Texts, chat: Chat, drafts: Store, message: string, consent: boolean, done: FormActions['submit'], entry?: Entry,
): FormView {
    const wrong = entry?.fields ?? {};
    const questions = list(chat.cfg.form?.fields).map(field).filter((f): f is Field => !!f && (f.name in wrong || chat.asks.includes(f.name)));
    return new FormView(texts, { cfg: chat.cfg, questions, message: entry ? null : message, wrong, consent }, drafts, {
        submit: (values, words) => {
            chat.told(questions.filter((f) => !f.each && f.name in values).map((f) => f.name));
            if (entry) chat.retry(entry.mid, { pre_chat: values });
            done(values, words);
        },
    });
}
