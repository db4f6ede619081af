// Leads a new visitor through every screen, whatever the language, and stops at each for a look.
import { until } from './visit.mjs';

/** What an administrator may set, all of it at once. */
export const everything = {
    csat_survey_enabled: true,
    working_hours_enabled: true,
    timezone: 'Asia/Tokyo',
    out_of_office_message: 'We read everything in the morning.',
    working_hours: Array.from({ length: 7 }, (_, day_of_week) =>
        day_of_week % 6 ? { day_of_week, open_hour: 9, open_minutes: 0, close_hour: 17, close_minutes: 30 } : { day_of_week, closed_all_day: true }),
    channel: {
        welcome_title: 'Good to see you', welcome_tagline: 'Ask us anything about lamps, chairs and the rest of the house.', reply_time: 'in_a_few_hours',
        consent_required: true, consent_text: 'I agree that what I write is kept to answer me.', consent_url: 'https://shop.example/privacy',
        selected_feature_flags: ['attachments', 'emoji_picker', 'end_conversation', 'email_transcript'], link_previews: true,
        pre_chat_form_enabled: true,
        pre_chat_form_options: {
            pre_chat_message: 'Tell us a little, so that the right person answers.',
            pre_chat_fields: [
                { name: 'fullName', field_type: 'standard', type: 'text', label: 'Your name', required: false, enabled: true },
                { name: 'emailAddress', field_type: 'standard', type: 'email', label: 'Email', required: true, enabled: true, placeholder: 'you@example.com' },
                { name: 'plan', field_type: 'contact_attribute', type: 'list', label: 'Plan', values: ['Free', 'Pro'], required: true, enabled: true },
                { name: 'order', field_type: 'conversation_attribute', type: 'text', label: 'Order number', required: false, enabled: true, regex_pattern: '^[0-9]{6}$', regex_cue: 'Six digits, please' },
            ],
        },
    },
};

/** One message of each kind that a bot sends. */
export const botMessages = [
    { content: 'Which lamp is it?', content_type: 'input_select', content_attributes: { items: [{ title: 'The arc lamp', value: 'arc' }, { title: 'The table lamp', value: 'table' }] } },
    { content: 'Two that we have', content_type: 'cards', content_attributes: { items: [
        { title: 'Arc lamp', description: 'Brass, 189 pounds', actions: [{ type: 'link', text: 'Look at it', uri: 'https://shop.example/arc' }, { type: 'postback', text: 'This one', payload: 'arc' }] },
        { title: 'Table lamp', description: 'Oak, 89 pounds', actions: [{ type: 'postback', text: 'That one', payload: 'table' }] }] } },
    { content: 'Where shall it go?', content_type: 'form', content_attributes: { items: [
        { name: 'street', label: 'Street', type: 'text', required: true }, { name: 'note', label: 'For the driver', type: 'text_area' },
        { name: 'when', label: 'When', type: 'select', options: [{ label: 'Morning', value: 'am' }, { label: 'Evening', value: 'pm' }], required: true }] } },
    { content: 'This may help', content_type: 'article', content_attributes: { items: [{ title: 'How to fit a bulb', description: 'In four steps', link: 'https://shop.example/help/bulb' }] } },
    { content: 'Where can we reach you?', content_type: 'input_email' },
];

const settle = (ms) => new Promise((r) => setTimeout(r, ms));

/** `look(name, frame)` at every stop. Nothing is found by its words, so that it works in every language. */
export async function walkScreens(server, page, words, look) {
    const element = await page.waitForSelector('#deskbell iframe');
    const frame = await element.contentFrame();
    const at = (css) => frame.locator(css);
    const screen = (name) => at(`html[data-screen="${name}"]`).waitFor({ state: 'attached' });
    await at('html[data-link="live"]').waitFor({ state: 'attached' });
    await at('.hours').waitFor();
    await look('home', frame);
    await at('.hours summary').click();
    await look('hours', frame);
    await at('.begin').click();
    await screen('form');
    await at('form.page .field').first().waitFor();
    await at('form.page button[type=submit]').click();
    await until('the faults', async () => (await at('form.page [aria-invalid]').count()) >= 3);
    await look('form', frame);
    await at('[name=emailAddress]').fill('mara@example.com');
    await at('[name=fullName]').fill('Mara Lindqvist');
    await at('[name=plan]').selectOption('Pro');
    await at('[name=order]').fill('482100');
    await at('form.page textarea').fill(words);
    await at('form.page [type=checkbox]').check();
    await at('form.page button[type=submit]').click();
    await screen('chat');
    await at('.row.own.sent').waitFor();
    const conversation = await server.conversationWith(words);
    const { id: greeting } = await server.reply(conversation, 'Hello! Let me see. https://shop.example/arc');
    await at('.row.other').first().waitFor();
    await at('.other .answer').first().focus();
    await at('.other .answer').first().click();
    await at('.quote:not([hidden])').waitFor();
    await look('reply', frame);
    await at('.composer textarea').fill('That one');
    await at('.composer textarea').press('Enter');
    await until('the second message', async () => (await at('.row.own.sent').count()) === 2);
    for (const message of botMessages) await server.api('POST', `/conversations/${conversation}/messages`, message);
    await until('what the bot sent', async () => (await at('.ask').count()) >= 2 && (await at('.choice').count()) === 2 && (await at('.offer').count()) === 2);
    await settle(300);
    await look('chat', frame);
    await at('.thread .scroller').evaluate((e) => (e.scrollTop = 0));
    await look('chat-top', frame);
    await at('.tool[aria-expanded]').click();
    await at('.board:not([hidden])').waitFor();
    await look('emoji', frame);
    await page.keyboard.press('Escape');
    await at('.knob.menu').click();
    await at('[role=menu]').waitFor();
    await look('menu', frame);
    await page.keyboard.press('Escape');
    await server.api('DELETE', `/conversations/${conversation}/messages/${greeting}`);
    await at('.row.gone').waitFor();
    await walkFiles(at, look, frame);
    await walkMenu(page, at, look, frame, screen);
    return { frame, conversation };
}

/** Files beside the message: one that is there, one that is too large; and a recording. */
async function walkFiles(at, look, frame) {
    await at('input[type=file]').setInputFiles([{ name: 'Receipt for the arc lamp.txt', mimeType: 'text/plain', buffer: Buffer.from('42') }]);
    await at('.chip[data-state="done"]').waitFor();
    await at('.tool').nth(2).click();
    await at('.voice').waitFor();
    await look('files', frame);
    await at('.voice button').first().click();
    await at('.chip-remove').click();
}

/** What the menu offers: a copy by mail, the past, and the end with its rating. */
async function walkMenu(page, at, look, frame, screen) {
    const choose = async (n) => {
        await at('.knob.menu').click();
        await at('[role=menuitem]').nth(n).click();
    };
    await choose(1);
    await at('dialog input').fill('nobody');
    await at('dialog [type=submit]').click();
    await at('dialog [aria-invalid]').waitFor();
    await look('transcript', frame);
    await at('dialog input').fill('mara@example.com');
    await at('dialog [type=submit]').click();
    await until('the mail', async () => (await at('dialog input').count()) === 0);
    await look('transcript-sent', frame);
    await at('dialog .main').click();
    await choose(3);
    await screen('history');
    await at('.pasts button').first().waitFor();
    await look('history', frame);
    await at('.pasts button').first().click();
    await screen('chat');
    await choose(2);
    await look('end', frame);
    await at('dialog .main').click();
    await at('.rating label').nth(3).click();
    await at('.rating textarea').waitFor();
    await until('the end', () => at('.closed').isVisible());
    await look('rating', frame);
}
