/** A text, or one per plural category of the language. */
export type Entry = string | Partial<Record<Intl.LDMLPluralRule, string>>;

export type Key =
    | 'title' | 'message' | 'placeholder' | 'send' | 'attach' | 'emoji' | 'close' | 'greeting'
    | 'online' | 'away' | 'in_a_few_minutes' | 'in_a_few_hours' | 'in_a_day' | 'leave_message'
    | 'sending' | 'waiting' | 'sent' | 'failed' | 'discard' | 'blocked' | 'too_long' | 'upload_missing'
    | 'typing' | 'offline' | 'connecting' | 'gone' | 'today' | 'yesterday' | 'you' | 'agent'
    | 'new_messages' | 'closed' | 'drop' | 'too_large' | 'type_refused' | 'refused' | 'upload_failed'
    | 'retry' | 'remove_file' | 'download' | 'uploading' | 'files_left_out' | 'uploads_busy' | 'over'
    | 'launcher_open' | 'unread';

export type Catalog = Record<Key, Entry>;
