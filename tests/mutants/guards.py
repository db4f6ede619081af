"""The guards of the sync, each with what stands there and what stands there instead when it is switched off: a condition, whole
statements, or an expression."""

REPLICA = 'client/sync/replica.cpp'
INTENTS = 'client/sync/engine_intents.cpp'
PIPELINE = 'server/sync/mutation_pipeline.cpp'
PAGES = 'server/sync/page_reader.cpp'
FEED = 'server/sync/session_feed.cpp'

# name: file, what stands there once, what stands there instead
GUARDS = {
    # Reading (sync-protocol 4.3, 5, 6)
    'an older row replaces a newer one': (
        REPLICA, 'if (held && held->q >= row.q) {', 'if (held && held->q > row.q + 1000000) {'),
    'a bundle brings back what was removed meanwhile': (
        REPLICA, 'return found != m_removed.end() && found->second > asOf;', 'return found != m_removed.end() && asOf < 0;'),
    'rows of a lost scope stay': (
        REPLICA, 'm_cache.sweep(key, std::nullopt);', ''),
    'nothing is swept at the end of a snapshot': (
        REPLICA, 'for (const auto &id : m_cache.sweep(*scope, *sid))\n            askForMessages(id);', ''),
    'a conversation that moved ahead of a snapshot goes on saying that all its messages are here': (
        'client/storage/cache_store.cpp', 'return lowest && (!n || *n >= *lowest);', 'return lowest && n && *n < 0;'),
    'a bundle of an older snapshot counts': (
        REPLICA, 'known->second.sid != *sid', '*sid < 0'),
    'leaving another scope removes the row from the one it lives in': (
        REPLICA, '(!onlyInScope || held->scope == row.scope)', '(!onlyInScope || !held->scope.empty())'),
    'messages stay behind when their conversation moves': (
        REPLICA, 'm_cache.moveChildren(row.key.id, row.scope);', ''),
    'nobody asks for the messages of a conversation that appeared': (
        REPLICA, '        m_cache.wantWindow(id, false, row.q);\n        if (!held)\n            m_newConversations.push_back(id);\n',
        '        if (!held)\n            m_newConversations.push_back(id);\n'),
    'nobody notices that a conversation left its scope and came back': (
        REPLICA, 'if (!held || held->sv != row.sv) {', 'if (!held) {'),
    'a delta that does not begin at the cursor is taken': (
        REPLICA, '*from != m_cursor || *to < *from', '*to < *from'),
    # Keeping (5.2, 5.3)
    'what the server says beneath a pending change is forgotten': (
        'client/storage/cache_store.cpp', '    writeShadow(key, row);\n    m_stale.insert(key);\n', '    m_stale.insert(key);\n'),
    'an accepted intent ends while a scope is being read': (
        INTENTS, '    if (!m_replica.allLive())\n        return over;\n', ''),
    'an accepted intent ends before its change is here': (
        INTENTS, 'if (intent.seq > m_replica.cursor())', 'if (intent.seq < 0)'),
    # Writing (9)
    'a repeated mutation is executed again': (
        PIPELINE, 'if (answeredBefore(receipts, ctx.now()))', 'if (mutation.n < 0 && answeredBefore(receipts, ctx.now()))'),
    'a mutation is executed before the one it comes after': (
        PIPELINE, 'if (mutation.after != 0 && !receipts.find(device, mutation.after)) {', 'if (mutation.after < 0) {'),
    'a number that means another intent is answered with the old verdict': (
        PIPELINE, 'if (known->mid != mutation.mid) {', 'if (mutation.n < 0) {'),
    'the same intent from a renewed device is executed again': (
        PIPELINE, '    if (!known)\n        return false;\n', '    if (!known || mutation.n > 0)\n        return false;\n'),
    'an attempted intent gives way to a newer one': (
        INTENTS, 'waiting.state == IntentState::Queued && waiting.args.find(order.replaceKey) != std::string::npos', 'waiting.state == IntentState::Attempted && waiting.args.find(order.replaceKey) != std::string::npos'),
    'nobody minds that a verdict does not come': (
        'client/sync/engine.cpp', 'if (m_outbound.isOverdue())', 'if (m_outbound.isOverdue() && m_failures < 0)'),
    'decided intents are not asked for again after a restore': (
        'client/sync/engine_frames.cpp', 'm_ports.outbox.undecideAll();', ''),
    # The server's side (3, 4, 6.3, 8)
    'no trace is left in the scope that was left': (
        'server/sync/journal.cpp', '            writeLeave(tx, account, ++seq, *folded, scope, at);', '            seq += scope > 0 ? 1 : 0;'),
    'the floor does not count': (
        PAGES, 'if (cursor.q < head.floor)', 'if (cursor.q < 0)'),
    'the floor counts at hello only': (
        PAGES, '    page.to = page.head.head;\n', '    page.to = page.head.head;\n    if (page.reset == ResetReason::Floor && upTo != 0)\n        page.reset = ResetReason::None;\n'),
    'the epoch does not count': (
        PAGES, 'if (cursor.epoch != head.epoch)', 'if (cursor.epoch < 0)'),
    'a slow client gets more than it can take': (
        FEED, 'session.unacked.size() < protocol::maxUnackedFrames', 'session.unacked.size() < 1000'),
    'rights that changed are not looked at again': (
        FEED, 'if (session.scopesKnown && scopes == session.scopes)', 'if (session.scopesKnown)'),
}

# Where the loss of a guard was noticed before: kind of world (deskbell_sim --profile) and seed. Asked first; the search begins
# at the first world when it is not noticed there any more.
NOTICED_IN = {
    'an older row replaces a newer one': ('restless', 1),
    'a bundle brings back what was removed meanwhile': ('restless', 1),
    'rows of a lost scope stay': ('restless', 2),
    'nothing is swept at the end of a snapshot': ('restless', 1),
    'a conversation that moved ahead of a snapshot goes on saying that all its messages are here': ('', 555),
    'a bundle of an older snapshot counts': ('restless', 9),
    'leaving another scope removes the row from the one it lives in': ('restless', 1),
    'messages stay behind when their conversation moves': ('restless', 1),
    'nobody asks for the messages of a conversation that appeared': ('restless', 5),
    'nobody notices that a conversation left its scope and came back': ('restless', 5),
    'a delta that does not begin at the cursor is taken': ('proxied', 1),
    'what the server says beneath a pending change is forgotten': ('restless', 1),
    'an accepted intent ends while a scope is being read': ('restless', 14),
    'an accepted intent ends before its change is here': ('restless', 1),
    'a repeated mutation is executed again': ('', 16),
    'a mutation is executed before the one it comes after': ('restless', 1),
    'a number that means another intent is answered with the old verdict': ('', 16),
    'the same intent from a renewed device is executed again': ('', 31),
    'an attempted intent gives way to a newer one': ('restless', 1),
    'nobody minds that a verdict does not come': ('', 14),
    'decided intents are not asked for again after a restore': ('restored', 14),
    'no trace is left in the scope that was left': ('restless', 2),
    'the floor does not count': ('restless', 1),
    'the floor counts at hello only': ('restless', 1),
    'the epoch does not count': ('', 5),
    'a slow client gets more than it can take': ('restless', 1),
    'rights that changed are not looked at again': ('restless', 2),
}
