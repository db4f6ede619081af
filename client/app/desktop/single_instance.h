#pragma once

#include <QObject>
#include <QString>

class QLocalServer;

namespace client::desktop {

/// Lets a second start of the program bring the first one to the front.
class SingleInstance : public QObject {
    Q_OBJECT

public:
    /// `profile` is the directory both would use.
    explicit SingleInstance(const QString &profile, QObject *parent = nullptr);

    /// Asks the program that holds the profile to show itself; false when none answered within a second.
    bool wakeOther() const;
    /// From now on others may ask.
    void listen();

Q_SIGNALS:
    void asked();

private:
    QString m_name;
    QLocalServer *m_server = nullptr;
};

} // namespace client::desktop
