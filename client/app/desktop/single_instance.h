#pragma once

#include <QObject>
#include <QString>

class QLocalServer;
class QLocalSocket;

namespace client::desktop {

/// Lets a second start of the program bring the first one to the front, and hand it a link.
class SingleInstance : public QObject {
    Q_OBJECT

public:
    /// More bytes than any link takes are not listened to.
    static constexpr qint64 longestRequest = 2048;

    /// `profile` is the directory both would use.
    explicit SingleInstance(const QString &profile, QObject *parent = nullptr);

    /// Asks the program that holds the profile to show itself and `link`; false when none answered within a
    /// second.
    bool wakeOther(const QString &link = {}) const;
    /// From now on others may ask.
    void listen();

Q_SIGNALS:
    /// `link` is as it came, or empty.
    void asked(const QString &link);

private:
    void hear(QLocalSocket &socket);

    QString m_name;
    QLocalServer *m_server = nullptr;
};

} // namespace client::desktop
