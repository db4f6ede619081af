import type { ToPage } from '../bridge_messages';

type Arrived = Extract<ToPage, { k: 'message' }>;

/** A message as pages that know the other product's events expect it; the short fields are for everybody else. */
export function messageDetail({ name, text, message }: Arrived): Record<string, unknown> {
    if (!message) return { name, text };
    const { id, conv, dir, body, at, from, att } = message;
    return {
        name,
        text,
        id,
        content: body,
        message_type: dir === 'in' ? 0 : 1,
        content_type: message.content_type ?? 'text',
        content_attributes: message.content_attributes ?? {},
        created_at: Math.floor(at / 1000),
        conversation_id: conv,
        sender: from ? { name: from.name, avatar_url: from.avatar, type: dir === 'in' ? 'contact' : 'user' } : null,
        attachments: att.map((a) => ({ file_name: a.name, content_type: a.mime, file_size: a.size, data_url: a.url })),
    };
}
