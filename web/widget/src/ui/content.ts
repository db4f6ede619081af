import type { Texts } from '../i18n';
import { bag, decodeRows, list, ownLink, text as str } from '../protocol/decode';
import { field } from '../protocol/field';
import { outLink } from '../protocol/links';
import type { Extras, Field } from '../protocol/types';
import { ask } from '../state/ask';
import type { Chat } from '../state/chat';
import { adopt } from './extra';
import { h } from './dom';
import { checkAll, FieldView } from './fields';
import { blank } from './form';
import { picture } from './icons_more';
import { ratingView } from './rating';

export interface ContentActions {
    /** A card's button: its payload goes as a message, and the page is told. */
    postback(payload: string, message: string): void;
}

/** What a message holds beside its text: choices, cards, forms, articles, questions. Null: nothing this version knows. */
export function content(texts: Texts, chat: Chat, id: string, type: string, extras: Extras, actions: ContentActions): HTMLElement | null {
    adopt();
    const answer = (body: unknown): Promise<string> => submit(texts, chat, id, body);
    switch (type) {
        case 'input_select':
            return choices(texts, extras, answer);
        case 'form':
            return form(texts, list(extras.items).map(field).filter((f): f is Field => f !== null), extras, (values, fields) =>
                answer({ submitted_values: fields.map((f) => ({ name: f.name, title: f.label, value: values[f.name] ?? '' })) }));
        case 'input_email':
            return form(texts, [blank('email', 'email', texts.t('email'), '', true)], extras, (values) => answer({ submitted_email: values.email }));
        case 'input_text':
        case 'input_textarea':
            return form(texts, [blank('value', type === 'input_text' ? 'text' : 'text_area', texts.t('answer'), '', true)], extras, (values) =>
                answer({ submitted_values: [{ name: 'value', value: values.value }] }));
        case 'input_csat':
            return ratingView(texts, extras, (rating, words) => answer({ submitted_values: { csat_survey_response: { rating, feedback_message: words } } }));
        case 'cards':
            return h('div', { class: 'cards', role: 'list' }, ...list(extras.items).map((i) => card(bag(i), (payload) => actions.postback(payload, id))));
        case 'article':
            return h('div', { class: 'articles' }, ...list(extras.items).map((i) => article(bag(i))));
        default:
            return null;
    }
}

/** Empty when it is stored, else what to say. */
async function submit(texts: Texts, chat: Chat, id: string, body: unknown): Promise<string> {
    const answer = await ask(chat, 'PATCH', `messages/${encodeURIComponent(id)}`, body);
    if (answer.status === 200) {
        chat.take(decodeRows([], [answer.body.row]));
        return '';
    }
    return texts.t(answer.status === 409 ? 'answered_already' : answer.status === 422 ? 'bad_value' : answer.status === 429 ? 'too_often' : 'not_sent');
}

/** Buttons to choose from; once chosen, the choice. */
function choices(texts: Texts, extras: Extras, answer: (body: unknown) => Promise<string>): HTMLElement {
    const chosen = bag(list(extras.submitted_values)[0]);
    if (str(chosen.title)) return h('p', { class: 'answered' }, picture('end', 16), h('bdi', {}, str(chosen.title)));
    const state = h('p', { class: 'fault', role: 'status' });
    const buttons = list(extras.items).map(bag).filter((i) => str(i.title)).map((item) =>
        h('button', {
            type: 'button', class: 'choice', dir: 'auto',
            onclick: async () => {
                buttons.forEach((b) => (b.disabled = true));
                state.textContent = await answer({ submitted_values: [{ title: item.title, value: item.value }] });
                buttons.forEach((b) => (b.disabled = false));
            },
        }, str(item.title)),
    );
    return h('div', { class: 'choices', role: 'group', 'aria-label': texts.t('choose') }, ...buttons, state);
}

/** Questions in the thread; once answered, the answers. */
function form(texts: Texts, fields: Field[], extras: Extras, answer: (values: Record<string, string>, fields: Field[]) => Promise<string>): HTMLElement {
    const given = answered(extras, fields);
    if (given) return h('dl', { class: 'answers' }, ...given.flatMap(([name, value]) => [h('dt', { dir: 'auto' }, name), h('dd', { dir: 'auto' }, value)]));
    const views = fields.map((f) => new FieldView(texts, f));
    const state = h('p', { class: 'fault', role: 'status' });
    const send = h('button', { type: 'submit', class: 'main small' }, texts.t('submit'));
    const submit = async (e: Event): Promise<void> => {
        e.preventDefault();
        if (!checkAll(views)) return;
        send.disabled = true;
        state.textContent = await answer(Object.fromEntries(views.map((v) => [v.field.name, v.value])), fields);
        send.disabled = false;
    };
    return h('form', { class: 'ask', novalidate: true, onsubmit: (e: Event) => void submit(e) }, ...views.map((v) => v.element), state, send);
}

function answered(extras: Extras, fields: Field[]): [string, string][] | null {
    if (str(extras.submitted_email)) return [[fields[0]?.label ?? '', str(extras.submitted_email)]];
    const values = list(extras.submitted_values).map(bag);
    if (!values.length) return null;
    return values.map((v): [string, string] => {
        const f = fields.find((one) => one.name === str(v.name)) ?? (values.length === 1 ? fields[0] : undefined);
        const value = str(v.value);
        return [f?.label || str(v.title) || str(v.name), f?.options.find((o) => o.value === value)?.label ?? value];
    });
}

function card(item: Record<string, unknown>, press: (payload: string) => void): HTMLElement {
    const media = ownLink(item.media_url); // the server fetches pictures from elsewhere
    const buttons = list(item.actions).map(bag).map((action) => {
        const words = str(action.text);
        const link = outLink(action.uri);
        if (action.type === 'link' && link) return h('a', { class: 'act', href: link, target: '_blank', rel: 'noopener noreferrer nofollow', dir: 'auto' }, words || link);
        if (action.type === 'postback' && str(action.payload)) return h('button', { type: 'button', class: 'act', dir: 'auto', onclick: () => press(str(action.payload)) }, words || str(action.payload));
        return null;
    });
    return h(
        'div', { class: 'offer', role: 'listitem' }, media && h('img', { src: media, alt: '', loading: 'lazy', referrerpolicy: 'no-referrer', onerror: (e: Event) => (e.target as Element).remove() }),
        h('div', { class: 'offer-text' }, h('b', { dir: 'auto' }, str(item.title)), str(item.description) && h('p', { dir: 'auto' }, str(item.description))), ...buttons,
    );
}

function article(item: Record<string, unknown>): HTMLElement {
    const link = outLink(item.link, true);
    const inside = [picture('book', 18) as unknown as Node, h('span', { class: 'about' }, h('b', { dir: 'auto' }, str(item.title)), h('span', { class: 'line wrap', dir: 'auto' }, str(item.description)))];
    return link ? h('a', { class: 'article', href: link, target: '_blank', rel: 'noopener' }, ...inside) : h('div', { class: 'article' }, ...inside);
}
