#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace tests {

/// A real deskbelld on a data directory of its own, with one account; with a website inbox, or filled. Ended
/// with the object.
class RealServer {
public:
    static inline const QString email = QStringLiteral("sara@example.com");
    static inline const QString password = QStringLiteral("correct horse battery");

    /// `conversations` > 0: filled before it serves, the same content every time. False when the program is
    /// missing or does not come up; why() says what it printed.
    bool start(int conversations = 0);
    /// Kills it at once.
    void kill();
    /// Starts again on the same port and data.
    bool restart();

    [[nodiscard]] QString url() const { return m_url; }
    [[nodiscard]] QString dataPath() const { return m_data.path(); }
    [[nodiscard]] QString websiteToken() const { return m_websiteToken; }
    [[nodiscard]] QString why() const { return m_why; }

    /// A REST call of the administrator; a null object when it fails.
    QJsonObject get(const QString &path);
    QJsonObject post(const QString &path, const QJsonObject &body);
    QJsonObject call(const QByteArray &method, const QString &path, const QByteArray &body);
    /// Texts of a conversation's public messages, oldest first.
    QStringList texts(qint64 conversationNumber);

    ~RealServer() { kill(); }

private:
    bool run(const QStringList &arguments, const QByteArray &input, QByteArray *output);
    bool serve(const QString &address);

    QTemporaryDir m_data;
    QProcess m_process;
    QString m_url;
    QString m_account;
    QString m_accessToken;
    QString m_websiteToken;
    QString m_why;
};

} // namespace tests
