#pragma once

#include <QObject>
#include <QString>

namespace client::shell {

/// One notification of the system.
struct Notice {
    QString key;   ///< what it is about (a conversation's id); a later notice of the same key replaces it
    QString title; ///< who wrote
    QString text;  ///< what they wrote, plain
    bool canReply = true;
};

/// Shows notices somewhere. One a key.
class NoticeChannel : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void show(const Notice &notice) = 0;
    virtual void withdraw(const QString &key) = 0;

Q_SIGNALS:
    void opened(const QString &key);
    void replyRequested(const QString &key);
    /// The person or the system took it away.
    void closed(const QString &key);
};

} // namespace client::shell
