#pragma once

#include <QString>
#include <QStringList>
#include <QWebSocket>

namespace tests {

/// A visitor of the website, as the widget talks (docs/protocol.md B).
class Visitor {
public:
    Visitor(const QString &server, const QString &websiteToken);

    /// Sends and waits until the server has it.
    bool write(const QString &text);
    void setTyping(bool on);
    /// Texts that agents sent, as they came.
    [[nodiscard]] const QStringList &received() const { return m_received; }
    [[nodiscard]] QString why() const { return m_why; }

private:
    bool connectNow();
    void take(const QString &frame);

    QString m_server;
    QString m_site;
    QString m_token;
    QWebSocket m_socket;
    QStringList m_received;
    QStringList m_accepted; ///< mids
    QString m_why;
    bool m_welcome = false;
};

} // namespace tests
