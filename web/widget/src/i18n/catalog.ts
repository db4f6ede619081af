/** A text, or one per plural category of the language. */
export type Entry = string | Partial<Record<Intl.LDMLPluralRule, string>>;

/** What the first screens say, and the thread. */
export type Key =
    | 'title' | 'message' | 'placeholder' | 'send' | 'attach' | 'emoji' | 'voice' | 'close' | 'back' | 'menu' | 'greeting'
    | 'online' | 'away' | 'in_a_few_minutes' | 'in_a_few_hours' | 'in_a_day' | 'leave_message' | 'back_at'
    | 'offline' | 'connecting' | 'loading' | 'late' | 'gone' | 'you' | 'agent'
    | 'over' | 'sending' | 'waiting' | 'sent' | 'failed' | 'discard' | 'typing' | 'today' | 'yesterday'
    | 'new_messages' | 'ended_note' | 'older' | 'reply' | 'resume' | 'begin' | 'history' | 'start_chat' | 'launcher_open' | 'dismiss' | 'unread';

export type Catalog = Record<Key, Entry>;

/** What the parts say that come later. */
export type MoreKey =
    | 'blocked' | 'too_long' | 'upload_missing' | 'closed' | 'pre_chat' | 'drop' | 'uploads_busy' | 'cancel_reply'
    | 'too_large' | 'type_refused' | 'refused' | 'upload_failed' | 'retry' | 'remove_file' | 'download' | 'uploading' | 'files_left_out'
    | 'voice_on' | 'voice_stop' | 'voice_cancel' | 'voice_denied'
    | 'must_fill' | 'must_agree' | 'bad_email' | 'bad_phone' | 'bad_number' | 'bad_link' | 'bad_value' | 'choose' | 'optional' | 'agree' | 'read_more'
    | 'load_more' | 'new_chat' | 'not_loaded' | 'no_history' | 'ended' | 'open_still'
    | 'open_now' | 'opens_at' | 'closed_now' | 'closed_day' | 'all_day' | 'your_time' | 'search_help' | 'help'
    | 'transcript' | 'transcript_lead' | 'send_mail' | 'mail_sent' | 'email' | 'done' | 'cancel' | 'too_often' | 'not_sent'
    | 'end_chat' | 'end_lead' | 'popout' | 'answer' | 'answered_already' | 'submit'
    | 'rate' | 'rate_1' | 'rate_2' | 'rate_3' | 'rate_4' | 'rate_5' | 'thanks' | 'feedback';

export type More = Record<MoreKey, Entry>;
