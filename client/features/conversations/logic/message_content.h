#pragma once

#include "shared/domain/conversations/message.h"

#include <QCoreApplication>
#include <QString>

namespace client::conversations {

/// What a message shows in a thread, as plain text: its words, what it offers beside them and what the
/// customer answered; that it was deleted, in the reader's language.
class MessageContentText {
    Q_DECLARE_TR_FUNCTIONS(client::conversations::MessageContentText)

public:
    [[nodiscard]] static QString of(const domain::Message &message);

private:
    static QStringList lines(const domain::MessageContent &content);
    static QStringList choices(const domain::MessageContent &content);
    static QStringList questions(const domain::MessageContent &content);
    static QStringList offers(const domain::MessageContent &content);
    static QStringList rating(const domain::MessageContent &content);
    static QStringList answer(const domain::MessageContent &content);
};

} // namespace client::conversations
